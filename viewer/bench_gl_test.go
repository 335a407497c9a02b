//go:build gl && cgo && unix

package viewer

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
)

// BenchmarkWindow measures pictures of the simulated quadruped with everything that is shown at first:
//
//	xvfb-run -a go test -tags gl -run xxx -bench Window ./viewer
func BenchmarkWindow(b *testing.B) {
	if os.Getenv("DISPLAY") == "" {
		b.Skip("no DISPLAY")
	}
	for _, c := range []struct {
		size    [2]int
		quality Quality
		panels  bool // all of them
	}{{[2]int{640, 360}, Auto, false}, {[2]int{640, 360}, Full, false}, {[2]int{1280, 720}, Auto, false}, {[2]int{1280, 720}, Auto, true}, {[2]int{1280, 720}, Full, false}} {
		name := fmt.Sprintf("%dx%d/%s", c.size[0], c.size[1], [...]string{"auto", "full"}[c.quality])
		if c.panels {
			name += "/panels"
		}
		b.Run(name, func(b *testing.B) {
			done := make(chan struct{})
			mainQueue <- func() {
				defer close(done)
				e, _ := models.Find("quadruped4")
				v := liveViewer(b, e, Options{Width: c.size[0], Height: c.size[1], Quality: c.quality, Paused: true})
				if v == nil {
					return
				}
				defer v.Close()
				if c.panels {
					v.desk.showAll()
				}
				v.Picture() // shaders are compiled when first used
				before := cpuTime()
				for b.Loop() {
					v.desk.onward()
					v.win.poll(0)
					v.paint()
				}
				b.ReportMetric((cpuTime()-before)*1e3/float64(b.N), "cpu-ms/frame")
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
			}
			<-done
		})
	}
}

// showAll opens all panels, and as many charts as there is room for.
func (d *desk) showAll() {
	d.board.shown = true
	for s := range sections {
		d.board.open[s] = true
	}
	for i := range d.picked {
		d.picked[i] = true
	}
}

// cpuTime returns the processor time of this process (s), threads of the graphics included: where others
// compute too, it says more than frames per second.
func cpuTime() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + 1e-6*float64(u.Utime.Usec+u.Stime.Usec)
}
