package main

import (
	"encoding/json"
	"io"
	"math"
)

// number is a float64 that becomes null in JSON where JSON has no word for it.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func numbers(v []float64) []number {
	l := make([]number, len(v))
	for i, x := range v {
		l[i] = number(x)
	}
	return l
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
