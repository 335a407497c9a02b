// Package tol holds what tests say about errors of rounding in one place, so that one number makes all of them looser on a
// processor that rounds otherwise, and one prints the true errors.
package tol

import (
	"os"
	"strconv"
	"sync"
	"testing"
)

// scale reads TOLSCALE: the factor of all tolerances, default 1. With 0 every test that measures an error fails and says how
// large it was, which is where tolerances come from. It is read when the first test asks: the cache of go test follows only
// what is read after a test's program has started, and would serve an old pass.
var scale = sync.OnceValue(func() float64 {
	v, ok := os.LookupEnv("TOLSCALE")
	if !ok {
		return 1
	}
	s, err := strconv.ParseFloat(v, 64)
	if err != nil || !(s >= 0) {
		panic("TOLSCALE is " + v + ", want a factor of tolerances such as 10, or 0 to see all errors")
	}
	return s
})

// Within fails the test when e, an error, is larger than limit times TOLSCALE or not a number.
func Within(t testing.TB, e, limit float64, format string, args ...any) {
	if limit *= scale(); e <= limit && (limit > 0 || e == 0) {
		return
	}
	t.Helper()
	t.Errorf(format+": off by %.3g, want at most %.3g", append(args, e, limit)...)
}
