// Command native is the C library behind the Python package: go build -buildmode=c-shared.
//
// Handles are uint64, 0 is none. Arrays belong to the caller and are C-contiguous float64 or int32; NULL leaves out what may be
// left out. Every function returns a negative number for bad arguments and otherwise how many rows did not end as they should;
// in both cases err has the text. No panic of Go leaves this package. What is computed is in package rows, which knows no C.
//
// This file is free of cgo, so that `go build ./...` works without a C compiler.
package main

func main() {}
