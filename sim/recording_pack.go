package sim

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
)

// packer packs tables into b, or unpacks what is in it.
type packer struct {
	b      []byte
	unpack bool
	orders []byte // of guesses, one per column, in the order in which columns are packed
}

// column packs or unpacks a column that is guessed from the rows before.
func (p *packer) column(c column, before []int) {
	if !p.unpack {
		order := c.order(before)
		p.orders = append(p.orders, byte(order))
		z := make(column, len(c))
		for r := range c {
			z[r] = off(c[r], c.guess(order, r, before))
		}
		p.b = appendPlanes(p.b, z)
		return
	}
	order := int(p.orders[0])
	p.orders = p.orders[1:]
	p.b = planes(p.b, c)
	for r := range c {
		c[r] = on(c[r], c.guess(order, r, before))
	}
}

// moved packs or unpacks the coordinates of a motion; velocities v and intervals h are known.
func (p *packer) moved(m motion, q, v []column, h column) {
	n := m.N
	if m.Turns {
		n += 4
	}
	own := q[m.Q : m.Q+n]
	z := make([]column, n)
	for i := range z {
		z[i] = make(column, len(h))
		if p.unpack {
			p.b = planes(p.b, z[i])
		}
	}
	g := make([]float64, n)
	for r := range h {
		if r > 0 {
			g = m.guess(g, r, q, v, h)
		}
		for i := range own {
			if p.unpack {
				own[i][r] = on(z[i][r], g[i])
			} else {
				z[i][r] = off(own[i][r], g[i])
			}
		}
	}
	for i := range z {
		if !p.unpack {
			p.b = appendPlanes(p.b, z[i])
		}
	}
}

// tables packs or unpacks the columns of the steps, then those of the contacts.
func (p *packer) tables(h *recordingHeader, steps, contacts []column) {
	before := previous(h.Steps)
	guessed := make([]bool, len(steps))
	for _, m := range h.Motions {
		n := m.N
		if m.Turns {
			n += 4
		}
		for i := range n {
			guessed[m.Q+i] = true
		}
	}
	for i, c := range steps {
		if !guessed[i] {
			p.column(c, before)
		}
	}
	for _, m := range h.Motions {
		p.moved(m, steps[:h.NQ], steps[h.NQ:h.NQ+h.NV], steps[h.NQ+h.NV])
	}
	if len(contacts) == 0 || len(contacts[0]) == 0 {
		return
	}
	const numbers = 6 // of a contact: what it is
	before = previous(len(contacts[0]))
	for i, c := range contacts {
		if i == numbers {
			before = previousContact(contacts[1:4])
		}
		p.column(c, before)
	}
}

// columns returns how many have an order of their guess.
func (h *recordingHeader) columns() int {
	n := h.width()
	for _, m := range h.Motions {
		if n -= m.N; m.Turns {
			n -= 4
		}
	}
	if h.Contacts != nil && *h.Contacts > 0 {
		n += h.contactSize()
	}
	return n
}

func (h *recordingHeader) width() int { return h.NQ + h.NV + 1 + h.NU + resultSize }

// layout returns the bytes of the model, of the rows of steps, and of the last state.
func (h *recordingHeader) layout() (model, steps, last int) {
	return h.ModelSize, 8 * h.Steps * h.width(), 8 * (h.NQ + h.NV + 1)
}

// pack returns the body of a recording, the model and the plain tables, as the file has it: deflated are the model, the
// last state, the orders of the guesses and the tables.
func (h *recordingHeader) pack(body []byte) ([]byte, error) {
	model, steps, last := h.layout()
	rows, end := body[model:][:steps], body[model+steps:][:last]
	p := packer{b: make([]byte, 0, len(body))}
	p.tables(h, columnsOf(rows, h.width()), columnsOf(body[model+steps+last:], h.contactSize()))
	var out bytes.Buffer
	out.Grow(len(body) / 2)
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	for _, b := range [][]byte{body[:model], end, p.orders, p.b} {
		if err == nil {
			_, err = w.Write(b)
		}
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// inflate returns the want bytes that were packed, and reads no more.
func inflate(packed []byte, want int) ([]byte, error) {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), int64(want)+1))
	if err != nil {
		return nil, formatError("%w", err)
	}
	if len(plain) != want {
		return nil, formatError("a body of %d bytes or more, the header promises %d", len(plain), want)
	}
	return plain, nil
}

// unpack is the inverse of pack. It reads no more than the header promises.
func (h *recordingHeader) unpack(packed []byte) ([]byte, error) {
	plain, err := inflate(packed, h.bodySize()+h.columns())
	if err != nil {
		return nil, err
	}
	model, steps, last := h.layout()
	end, orders := plain[model:][:last], plain[model+last:][:h.columns()]
	for i, o := range orders {
		if int(o) >= len(guesses) {
			return nil, formatError("column %d: a guess of order %d", i, o)
		}
	}
	p := packer{b: plain[model+last+len(orders):], unpack: true, orders: orders}
	rows, contacts := columnsOf(make([]byte, steps), h.width()), columnsOf(make([]byte, h.bodySize()-model-steps-last), h.contactSize())
	p.tables(h, rows, contacts)
	body := append(make([]byte, 0, h.bodySize()), plain[:model]...)
	return appendRows(append(appendRows(body, rows), end...), contacts), nil
}

// unpackTable appends a table of rows of w numbers as version 5 packed it: by columns, every number as what its bits differ in from the one
// so many rows back, first bytes together, then second bytes …; what is left of a last row follows.
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

// unpackDifferences is unpack for version 5.
func (h *recordingHeader) unpackDifferences(packed []byte) ([]byte, error) {
	plain, err := inflate(packed, h.bodySize())
	if err != nil {
		return nil, err
	}
	model, steps, last := h.layout()
	back := 1
	if h.Contacts != nil && h.Steps > 0 {
		back = max(1, (*h.Contacts+h.Steps/2)/h.Steps)
	}
	body := append(make([]byte, 0, h.bodySize()), plain[:model]...)
	body = unpackTable(body, plain[model:model+steps+last], h.width(), 1)
	return unpackTable(body, plain[model+steps+last:], h.contactSize(), back), nil
}
