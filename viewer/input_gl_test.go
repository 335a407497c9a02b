//go:build gl && cgo

package viewer

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-gl/glfw/v3.3/glfw"
	"github.com/ukemi-sim/ukemi/models"
)

func TestKeyNumbersAreThoseOfGLFW(t *testing.T) {
	for ours, theirs := range map[key]glfw.Key{
		keySpace: glfw.KeySpace, keyComma: glfw.KeyComma, keyMinus: glfw.KeyMinus, keyPeriod: glfw.KeyPeriod,
		keyEqual: glfw.KeyEqual, keyLeftBr: glfw.KeyLeftBracket, keyRightBr: glfw.KeyRightBracket, keyEscape: glfw.KeyEscape,
		keyTab: glfw.KeyTab, keyBackspace: glfw.KeyBackspace, keyRight: glfw.KeyRight, keyLeft: glfw.KeyLeft,
		keyDown: glfw.KeyDown, keyUp: glfw.KeyUp, keyPageUp: glfw.KeyPageUp, keyPageDown: glfw.KeyPageDown,
		keyHome: glfw.KeyHome, keyEnd: glfw.KeyEnd, keyF1: glfw.KeyF1, keyF2: glfw.KeyF2, keyF3: glfw.KeyF3,
		keyF5: glfw.KeyF5, keyF11: glfw.KeyF11, keyF12: glfw.KeyF12, keyPadMinus: glfw.KeyKPSubtract, keyPadPlus: glfw.KeyKPAdd, 'Q': glfw.KeyQ,
	} {
		if int(ours) != int(theirs) {
			t.Errorf("key %d is %d at GLFW", ours, theirs)
		}
	}
	for ours, theirs := range map[button]glfw.MouseButton{leftButton: glfw.MouseButtonLeft, rightButton: glfw.MouseButtonRight, middleButton: glfw.MouseButtonMiddle} {
		if int(ours) != int(theirs) {
			t.Errorf("button %d is %d at GLFW", ours, theirs)
		}
	}
}

// hand moves the real pointer and presses real keys in a window under test.
type hand struct {
	t   *testing.T
	win string
	ask chan func()
}

// do runs xdotool, then waits until the window has seen everything.
func (h *hand) do(args string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // it can wait for ever
	defer cancel()
	out, err := exec.CommandContext(ctx, "xdotool", strings.Fields(strings.ReplaceAll(args, "WIN", h.win))...).Output()
	if err != nil {
		h.t.Errorf("xdotool %s: %v", args, err)
	}
	time.Sleep(100 * time.Millisecond)
	return strings.TrimSpace(string(out))
}

// see runs f where the window lives, after two rounds of events.
func (h *hand) see(f func()) {
	for range 2 {
		done := make(chan struct{})
		h.ask <- func() { close(done) }
		<-done
	}
	done := make(chan struct{})
	h.ask <- func() { f(); close(done) }
	<-done
}

// TestRealInput drives a window with the pointer and keys of the X server, as a person would.
func TestRealInput(t *testing.T) {
	if _, err := exec.LookPath("xdotool"); err != nil {
		t.Skip("left out: xdotool, which moves the pointer and presses keys, is not installed")
	}
	onMain(t, func() {
		e, _ := models.Find("block")
		title := fmt.Sprintf("ukemi-test-%d", time.Now().UnixNano())
		v := liveViewer(t, e, Options{Title: title, Width: 640, Height: 360, Paused: true})
		if v == nil {
			return
		}
		defer v.Close()
		v.desk.forwardBy(300) // it lies still
		h := &hand{t: t, ask: make(chan func(), 8)}
		over := make(chan struct{})
		go func() {
			defer close(over)
			h.script(v, title)
		}()
		deadline := time.Now().Add(2 * time.Minute)
		for !v.Closed() && time.Now().Before(deadline) {
			v.cycle()
			for range len(h.ask) {
				(<-h.ask)()
			}
		}
		if !v.Closed() {
			t.Error("ctrl-Q did not close the window")
		}
		for running := true; running; {
			select {
			case f := <-h.ask:
				f()
			case <-over:
				running = false
			}
		}
	})
}

// script is what the hand does: look around, select the block, lift it, press keys, quit.
func (h *hand) script(v *Viewer, title string) {
	h.win = strings.Fields(h.do("search --sync --onlyvisible --name "+title) + " 0")[0]
	h.do("windowfocus WIN")
	h.do("mousemove --window WIN 300 40")
	h.lookAround(v.desk)
	h.lift(v, h.choose(v.desk))
	h.resize(v)
	h.press(v.desk)
	h.goBack(v.desk)
	h.do("key ctrl+q")
}

func (h *hand) lookAround(d *desk) {
	t, camera := h.t, d.camera
	before := d.lens.free
	h.see(func() { before = camera() })
	h.do("mousedown 1 mousemove_relative -- 60 20 mouseup 1")
	h.see(func() {
		c := camera()
		if turned := before.Azimuth - c.Azimuth; math.Abs(turned-math.Pi*60/360) > 0.05 {
			t.Errorf("a drag by 60 pixels turned the camera by %.3f rad, want %.3f", turned, math.Pi*60/360)
		}
		before = c
	})
	h.do("click 4")
	h.see(func() {
		if c := camera(); !(c.Distance < before.Distance) {
			t.Error("the wheel did not zoom in")
		}
	})
}

// choose selects the block and makes contact harder. It returns what moves the pointer onto the block.
func (h *hand) choose(d *desk) (at string) {
	t := h.t
	var x, y float64
	h.see(func() { x, y = d.where(0) })
	at = fmt.Sprintf("mousemove --window WIN %d %d ", int(x), int(y))
	h.do(at + "click --repeat 2 --delay 60 1")
	h.see(func() {
		if d.selected != 0 {
			t.Errorf("a double click on the block at (%.0f, %.0f) selected body %d", x, y, d.selected)
		}
	})

	h.do("key period")
	h.see(func() {
		if k := d.stepper.Options().Kappa; math.Abs(k/math.Sqrt(1e-9)-1) > 1e-9 {
			t.Errorf("the period key made κ %g", k)
		}
	})
	return at
}

// lift pushes the block upward with the mouse.
func (h *hand) lift(v *Viewer, at string) {
	t, d := h.t, v.desk
	var height, from float64
	h.see(func() { height, from = d.now().State.Q[2], float64(d.cursor) })
	h.do("key space")
	h.do("keydown ctrl " + at + "mousedown 3 mousemove_relative -- 5 -40 mousemove_relative -- 5 -40")
	high := height
	for range 30 {
		h.see(func() { high = math.Max(high, d.now().State.Q[2]) })
		time.Sleep(20 * time.Millisecond)
	}
	h.see(func() {
		h.t.Logf("pushed with %v: the block rose from %.3f to %.3f m in %.0f steps", d.push.kind, height, high, float64(d.cursor)-from)
	})
	if high < height+0.05 {
		t.Errorf("a push lifted the block from %.3f m to %.3f m only", height, high)
	}
	if *out != "" {
		h.see(func() { v.desk.changed = true; v.paint(); save(t, "push", v) })
	}
	h.do("mouseup 3 keyup ctrl key space")
	h.see(func() {
		if d.push.kind != noPush || !d.paused {
			t.Errorf("let go: push %v, paused %v", d.push.kind, d.paused)
		}
	})
}

// resize makes the window larger, with the help on it.
func (h *hand) resize(v *Viewer) {
	t, d := h.t, v.desk
	h.do("key F1")
	h.do("windowsize WIN 960 540")
	h.see(func() {
		if w, hh := v.win.size(); w != 960 || hh != 540 || d.width != 960 {
			t.Errorf("the window is %d×%d, the desk %g wide", w, hh, d.width)
		}
		if !d.help {
			t.Error("F1 did not show the help")
		}
		if *out != "" {
			save(t, "help", v)
		}
	})
}

// press opens the board and its first section, switches gravity off with the pointer and drags the slider of κ to its end.
func (h *hand) press(d *desk) {
	var x, y, width float64
	find := func(text string) string {
		h.see(func() {
			_, all, _ := d.spot(0, 0)
			for _, s := range d.board.over.Spots {
				if s.Row >= 0 && s.Part == 0 && all[s.Row].row.Text == text {
					x, y, width = float64(s.X)+3, float64(s.Y+s.Height/2), float64(s.Width)
				}
			}
		})
		return fmt.Sprintf("mousemove --window WIN %d %d ", int(x), int(y))
	}
	h.do("key F1 key o")
	h.do(find("simulation") + "click 1")
	h.do(find("gravity") + "click 1")
	h.do(find("κ") + fmt.Sprintf("mousedown 1 mousemove_relative -- %d 5 mouseup 1", int(width)))
	h.see(func() {
		if !slices.Equal(d.off(), []string{"gravity"}) {
			h.t.Errorf("off are %v, want gravity", d.off())
		}
		if k := d.stepper.Options().Kappa; k != 0.1 {
			h.t.Errorf("κ dragged to its end is %g", k)
		}
	})
	h.do(find("gravity") + "click 1")
	h.do("key o")
	h.do("mousemove --window WIN 480 40")
}

func (h *hand) goBack(d *desk) {
	t := h.t
	var steps int
	h.see(func() { steps = d.cursor })
	h.do("key Left Left")
	h.see(func() {
		if d.cursor != steps-2 {
			t.Errorf("two presses of ← led from step %d to %d", steps, d.cursor)
		}
	})
	h.do("key BackSpace")
	h.see(func() {
		if d.cursor != 0 {
			t.Errorf("backspace led to step %d", d.cursor)
		}
	})
}
