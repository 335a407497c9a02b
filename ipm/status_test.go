package ipm

import "testing"

// TestJoin: of parts beside each other the first failure stays and the largest of all numbers counts, of solves one
// after the other iterations add up, and no part changes nothing.
func TestJoin(t *testing.T) {
	a := Result{Solved, 3, 1e-9, 2e-9, 1e-4, 1e-6, true}
	b := Result{Solved, 5, 3e-9, 1e-9, 2e-4, 1e-7, false}
	fail := Result{Stalled, 2, 1, 2, 3, 4, false}
	late := Result{MaxIter, 7, 0, 0, 0, 0, false}
	for _, c := range []struct {
		name      string
		got, want Result
	}{
		{"solved", a.Join(b), Result{Solved, 5, 3e-9, 2e-9, 2e-4, 1e-6, false}},
		{"polished", a.Join(a), a},
		{"failed", a.Join(fail), Result{Stalled, 3, 1, 2, 3, 4, false}},
		{"failed first", fail.Join(a).Join(late), Result{Stalled, 7, 1, 2, 3, 4, false}},
		{"nothing", Result{}.Join(a), a},
		{"and nothing", fail.Join(Result{}), fail},
		{"tried again", a.After(fail), Result{Solved, 5, 1e-9, 2e-9, 1e-4, 1e-6, true}},
		{"one after the other", a.Join(b.After(a)), Result{Solved, 8, 3e-9, 2e-9, 2e-4, 1e-6, false}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, c.got, c.want)
		}
	}
}
