package main

/*
#include <stdint.h>
void ukemi_watch(void);
void ukemi_unwatch(void);
int32_t *ukemi_hit(void);
*/
import "C"

import "unsafe"

// watching calls f with a flag that Ctrl-C raises, nil when nobody watches: Python's own handler only notes the signal, and
// looks at it when the call has returned.
func watching(watch bool, f func(stop *int32) (int, error)) (int, error) {
	if !watch {
		return f(nil)
	}
	C.ukemi_watch()
	defer C.ukemi_unwatch()
	return f((*int32)(unsafe.Pointer(C.ukemi_hit())))
}
