package viewer

import (
	"fmt"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/raster"
)

// film is a video of what the window shows, as it is seen: 25 pictures a second of real time.
type film struct {
	gif  *raster.GIF
	name string
	size [2]int
	next time.Time // of the next picture
}

const filmRate = 25

// shoot begins or ends the film as the desk wants it, and adds the picture on the screen when it is due. A window of
// another size ends it: all pictures of a video have one size.
func (v *Viewer) shoot(now time.Time) {
	f, d := &v.film, v.desk
	w, h := v.win.size()
	if f.gif != nil && (!d.filming || f.size != [2]int{w, h}) {
		d.filming = false
		if err := f.gif.Close(); err != nil {
			d.say("no video: " + err.Error())
		} else {
			d.say("saved " + f.name)
		}
		*f = film{}
	}
	if !d.filming {
		return
	}
	if f.gif == nil {
		v.shots++
		name := fmt.Sprintf("%s-%s-%d.gif", d.model.Name(), now.Format("150405"), v.shots)
		gif, err := raster.CreateGIF(name, w, h, filmRate)
		if err != nil {
			d.filming = false
			d.say("no video: " + err.Error())
			return
		}
		*f = film{gif, name, [2]int{w, h}, now}
	}
	for n := 0; n < filmRate && !now.Before(f.next); n++ { // where pictures come slower, one stands for several
		if err := f.gif.Add(v.win.picture()); err != nil {
			d.filming = false
			d.say("no video: " + err.Error())
			return
		}
		f.next = f.next.Add(time.Second / filmRate)
	}
}
