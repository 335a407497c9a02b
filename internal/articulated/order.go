package articulated

import "math"

// tournament finds the least of some keys. It is a binary tree in an array: the key of item i is at len/2 + i, and every
// inner place holds the lesser of the two below it, so the least of all is at 1.
type tournament []uint64

// never is the key of an item that is not to be found.
const never = math.MaxUint64

// reset makes room for n items and takes all of them out.
func (t *tournament) reset(n int) {
	*t = grown(*t, 2*n)
	for i := range *t {
		(*t)[i] = never
	}
}

func (t tournament) set(i int, key uint64) {
	i += len(t) / 2
	for t[i] = key; i > 1; {
		i /= 2
		t[i] = min(t[2*i], t[2*i+1])
	}
}

// grown returns v with n items, of which nothing is known, in the memory it has if that is enough.
func grown[T any](v []T, n int) []T {
	if n <= cap(v) {
		return v[:n]
	}
	return make([]T, n, n+n/4)
}
