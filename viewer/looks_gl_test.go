//go:build gl && cgo

package viewer

import (
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestBoardLooks draws the window with its board, section by section, for -out, and compares one of them with a stored picture.
func TestBoardLooks(t *testing.T) {
	onMain(t, func() {
		e, _ := models.Find("quadruped24")
		for _, size := range [][2]int{{1280, 720}, {640, 360}} {
			v := liveViewer(t, e, Options{Width: size[0], Height: size[1], Paused: true, hidden: true, Open: func(string) (*Robot, error) { return nil, nil }})
			if v == nil {
				return
			}
			d := v.desk
			d.forwardBy(60)
			d.selected = 2
			d.keep()
			for i := range d.picked {
				d.picked[i] = i%9 == 0
			}
			for s := range sections {
				d.openSection(s)
				d.shows, d.said = shownAt(s), "" // what was said goes away by the clock
				d.changed = true
				v.paint()
				d.changed = true
				v.paint()
				name := e.Name + "-" + s.String()
				if *out != "" {
					save(t, name+"-"+[...]string{"large", "small"}[min(720/size[1]-1, 1)], v)
				}
				if s == signalSection && size[1] == 720 {
					compare(t, "board", v.Picture())
				}
			}
			v.Close()
		}
	})
}

// shownAt shows more and more.
func shownAt(s section) (on [len(scene.Shows)]bool) {
	for i := range scene.Shows {
		on[i] = scene.Shows[i].On != (int(s) == i%int(sections))
	}
	return on
}
