package viewer

import (
	"image"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// onGround is a builder with weight, the ground and steps of 10 ms.
func onGround(name string) *sim.Builder {
	b := sim.NewBuilder(name)
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	return b
}

// twoBoxes is a model of two free boxes of 1 kg, left at x = −0.5 m and right at x = 0.5 m.
func twoBoxes(t testing.TB) (*sim.Model, sim.State) {
	t.Helper()
	b := onGround("boxes")
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	for _, name := range []string{"left", "right"} {
		l := b.AddLink(name, sim.BoxInertia(1, half))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: 0.8})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewState()
	s.Q[0], s.Q[2] = -0.5, 0.12
	s.Q[7], s.Q[9] = 0.5, 0.12
	return m, s
}

// liveDesk is a paused desk on twoBoxes, seen from −y so that right is right.
func liveDesk(t testing.TB, o Options) *desk {
	t.Helper()
	m, s := twoBoxes(t)
	o.Paused = true
	d := newDesk(m, o)
	d.width, d.height = 640, 360
	if err := d.goLive(s, &o); err != nil {
		t.Fatal(err)
	}
	d.lens.home = scene.Camera{Target: r3.Vec{Z: 0.1}, Azimuth: -1.5707963267948966, Elevation: 0.2, Distance: 3}
	d.frame(s.Q)
	return d
}

// tap presses and releases a key.
func (d *desk) tap(k key, m mods) {
	d.handle(event{kind: keyEvent, key: k, mods: m, down: true})
	d.handle(event{kind: keyEvent, key: k, mods: m})
}

// dragFrom drags from one pixel to another.
func (d *desk) dragFrom(b button, m mods, x0, y0, x1, y1 float64) {
	d.handle(event{kind: moveEvent, x: x0, y: y0})
	d.handle(event{kind: buttonEvent, button: b, mods: m, down: true, x: x0, y: y0, at: 100})
	d.handle(event{kind: moveEvent, x: (x0 + x1) / 2, y: (y0 + y1) / 2})
	d.handle(event{kind: moveEvent, x: x1, y: y1})
}

// where returns the pixel at which a body's origin is seen.
func (d *desk) where(body int) (float64, float64) {
	c := d.camera()
	v := c.View()
	x, y, _ := v.Project(d.poses[body].Pos, int(d.width), int(d.height))
	return x, y
}

// blind is a surface that draws nothing, for tests of the loop around it.
type blind struct {
	handle func(event)
	script []event // one per poll
	drawn  int
	gone   bool
	copied string
	polls  int
}

func (b *blind) poll(time.Duration) {
	b.polls++
	if len(b.script) > 0 {
		e := b.script[0]
		b.script = b.script[1:]
		b.handle(e)
	}
}
func (b *blind) closed() bool                    { return b.gone }
func (b *blind) size() (int, int)                { return 640, 360 }
func (b *blind) draw(*scene.Scene, *extra, bool) { b.drawn++ }
func (b *blind) picture() *image.RGBA            { return image.NewRGBA(image.Rect(0, 0, 640, 360)) }
func (b *blind) copy(text string)                { b.copied = text }
func (b *blind) close()                          { b.gone = true }
func press(k key, m mods) event                  { return event{kind: keyEvent, key: k, mods: m, down: true} }
func blindViewer(d *desk, script ...event) *Viewer {
	return &Viewer{desk: d, win: &blind{handle: d.handle, script: script}}
}
