//go:build !js

package live

import (
	"encoding/json"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
)

// FuzzCommand: whatever a page sends, what goes back to it is finite.
func FuzzCommand(f *testing.F) {
	m, start := zoo(f, "block")
	for _, s := range []string{
		`{"do":"step","count":2}`, `{"kappa":1e-3,"speed":2}`, `{"grab":{"body":0,"local":[1,2,3],"target":[0,0,1e9]}}`,
		`{"push":{"body":0,"force":[1e9,0,0],"seconds":1}}`, `{"release":true}`, `{"do":"reset"}`,
		`{"set":{"timestep":0.002,"gravity.z":0},"watch":0}`, `{"open":{"name":"x.urdf","text":"<robot/>"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c command
		if json.Unmarshal(data, &c) != nil {
			return
		}
		s, err := NewSession(m, start, Options{Step: sim.Options{MaxHalvings: 1}})
		if err != nil {
			t.Fatal(err)
		}
		c.Count = min(c.Count, 3)
		s.do(&c)
		s.do(&command{Do: "step"})
		for _, x := range s.numbers()[:head+7*len(s.poses)] {
			if x-x != 0 {
				t.Fatalf("%g goes to the page after %q", x, data)
			}
		}
	})
}
