package contact_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
)

// TestSurfaceNumbers: every number has a name of its own and is set through Param; impossible ones are told.
func TestSurfaceNumbers(t *testing.T) {
	names := map[string]bool{}
	for i := range contact.SurfaceParams {
		var s contact.Surface
		*s.Param(i) = 0.25
		name, _ := contact.SurfaceParam(i)
		if names[name] || s == (contact.Surface{}) {
			t.Errorf("number %d, %q: named twice, or sets nothing", i, name)
		}
		names[name] = true
		*s.Param(i) = math.NaN()
		if s.Check() == nil {
			t.Errorf("%s may be NaN", name)
		}
	}
	for want, s := range map[string]contact.Surface{
		"restitution is 1.5":                   {Restitution: 1.5},
		"stiffness is -1 N/m":                  {Stiffness: -1},
		"damping is 3 N s/m without stiffness": {Damping: 3},
		"restitution is 0.5 of what has":       {Restitution: 0.5, Stiffness: 10},
		"torsion is -1 m":                      {Torsion: -1},
	} {
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one that says %q", s, err, want)
		}
	}
	if err := (&contact.Surface{Restitution: 1, Torsion: 0.1}).Check(); err != nil {
		t.Error(err)
	}
}
