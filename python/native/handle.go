package main

/*
#include <stdint.h>
*/
import "C"

import (
	"fmt"
	"runtime/cgo"
	"runtime/debug"
	"sync/atomic"
	"unsafe"
)

// abi changes with every change of the functions' arguments.
const abi = 2

//export ukemi_abi
func ukemi_abi() C.int32_t { return abi }

var live atomic.Int64

// ukemi_live returns how many handles there are, for tests of leaks.
//
//export ukemi_live
func ukemi_live() C.int64_t { return C.int64_t(live.Load()) }

func put(v any) C.uint64_t {
	live.Add(1)
	return C.uint64_t(cgo.NewHandle(v))
}

// get returns the value of a handle; one that is wrong or was freed is an error, not a crash.
func get[T any](h C.uint64_t) (v T, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("handle %d is not valid: freed, or never made", uint64(h))
		}
	}()
	v, ok := cgo.Handle(h).Value().(T)
	if !ok {
		err = fmt.Errorf("handle %d is not a %T", uint64(h), v)
	}
	return v, err
}

//export ukemi_free
func ukemi_free(h C.uint64_t) {
	defer func() { _ = recover() }() // freed twice
	cgo.Handle(h).Delete()
	live.Add(-1)
}

// report is where a call leaves its text: NUL-terminated, cut to fit.
type report struct {
	text *C.char
	size C.int64_t
}

func (r report) write(text string) {
	if r.text != nil && r.size > 0 {
		b := unsafe.Slice((*byte)(unsafe.Pointer(r.text)), int(r.size))
		b[copy(b[:len(b)-1], text)] = 0
	}
}

// guard runs f and returns its count, or −1 with the text of its error or panic.
func (r report) guard(f func() (int, error)) (code C.int32_t) {
	defer func() {
		if p := recover(); p != nil {
			r.write(fmt.Sprintf("internal error, please report: %v\n%s", p, debug.Stack()))
			code = -1
		}
	}()
	n, err := f()
	if err != nil {
		r.write(err.Error())
		return -1
	}
	return C.int32_t(n)
}

func floats(p *C.double, n int) []float64 {
	if p == nil {
		return nil
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(p)), n)
}

func ints(p *C.int32_t, n int) []int32 {
	if p == nil {
		return nil
	}
	return unsafe.Slice((*int32)(unsafe.Pointer(p)), n)
}
