//go:build !js

package live

import (
	"encoding/json"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// FuzzCommand: whatever a page sends, what goes back to it is finite.
func FuzzCommand(f *testing.F) {
	m, start := zoo(f, "block")
	figure := scene.FromModel(m, scene.FigureOptions{})
	for _, s := range []string{
		`{"do":"step","count":2}`, `{"kappa":1e-3,"speed":2}`, `{"grab":{"body":0,"local":[1,2,3],"target":[0,0,1e9]}}`,
		`{"push":{"body":0,"force":[1e9,0,0],"seconds":1}}`, `{"release":true}`, `{"do":"reset"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c command
		if json.Unmarshal(data, &c) != nil {
			return
		}
		s := newSession(m, start, figure, &Options{Step: sim.Options{MaxHalvings: 1}, FPS: 50})
		c.Count = min(c.Count, 3)
		s.do(&c)
		s.do(&command{Do: "step"})
		s.message(nil)
		for _, x := range s.row[:5+7*len(s.poses)] {
			if x-x != 0 {
				t.Fatalf("%g goes to the page after %q", x, data)
			}
		}
	})
}
