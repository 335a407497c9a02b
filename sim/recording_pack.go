package sim

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
)

// Packing. The numbers of neighboring rows share their first bits, and their last ones are noise. So a table is stored by columns,
// every number as what its bits differ in from the row before (exclusive or, as in Gorilla by Pelkonen et al. 2015), first bytes
// together, then second bytes …, and what is then mostly zero is deflated. Nothing is rounded.

// packTable appends the table of rows of w numbers, each of 8 bytes, as it is packed; a number differs from the one back rows before.
// What is left of a last row follows.
func packTable(dst, table []byte, w, back int) []byte {
	size := 8 * w
	rows := len(table) / max(size, 1)
	at := len(dst)
	dst = append(dst, make([]byte, rows*size)...)
	for r := range rows {
		for c := range w {
			x := binary.LittleEndian.Uint64(table[r*size+8*c:])
			if r >= back {
				x ^= binary.LittleEndian.Uint64(table[(r-back)*size+8*c:])
			}
			for p := range 8 {
				dst[at+(8*c+p)*rows+r] = byte(x >> (56 - 8*p))
			}
		}
	}
	return append(dst, table[rows*size:]...)
}

// unpackTable appends what packTable was given.
func unpackTable(dst, packed []byte, w, back int) []byte {
	size := 8 * w
	rows := len(packed) / max(size, 1)
	at := len(dst)
	dst = append(dst, make([]byte, rows*size)...)
	for r := range rows {
		for c := range w {
			var x uint64
			for p := range 8 {
				x = x<<8 | uint64(packed[(8*c+p)*rows+r])
			}
			if r >= back {
				x ^= binary.LittleEndian.Uint64(dst[at+(r-back)*size+8*c:])
			}
			binary.LittleEndian.PutUint64(dst[at+r*size+8*c:], x)
		}
	}
	return append(dst, packed[rows*size:]...)
}

// layout returns the bytes of the model, of the table of steps, the width of that, and how many rows back a contact has been before.
func (h *recordingHeader) layout() (model, steps, width, back int) {
	width = h.NQ + h.NV + 1 + h.NU + resultSize
	back = 1
	if h.Contacts != nil && h.Steps > 0 {
		back = max(1, (*h.Contacts+h.Steps/2)/h.Steps)
	}
	return h.ModelSize, 8 * (h.Steps*width + h.NQ + h.NV + 1), width, back
}

// pack returns the body of a recording, the model and the plain tables, as the file has it.
func (h *recordingHeader) pack(body []byte) ([]byte, error) {
	model, steps, width, back := h.layout()
	plain := append(make([]byte, 0, len(body)), body[:model]...)
	plain = packTable(plain, body[model:model+steps], width, 1)
	plain = packTable(plain, body[model+steps:], contactSize, back)
	var out bytes.Buffer
	out.Grow(len(plain) / 2)
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// unpack is the inverse of pack. It reads no more than the header promises.
func (h *recordingHeader) unpack(packed []byte) ([]byte, error) {
	want := h.bodySize()
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), int64(want)+1))
	if err != nil {
		return nil, formatError("%w", err)
	}
	if len(plain) != want {
		return nil, formatError("a body of %d bytes or more, the header promises %d", len(plain), want)
	}
	model, steps, width, back := h.layout()
	body := append(make([]byte, 0, want), plain[:model]...)
	body = unpackTable(body, plain[model:model+steps], width, 1)
	return unpackTable(body, plain[model+steps:], contactSize, back), nil
}
