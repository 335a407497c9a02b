package ipm

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ReadDelassus reads a contact problem in the text format of the Siconos library's frictional contact
// problems. Numbers are separated by white space:
//
//	dimension (3 or 2), number of contacts n, storage (0 dense or 1 sparse block), rows, columns
//	dense:        rows, columns, values by columns
//	sparse block: number of blocks b, block rows, block columns, the ends of the block rows and of the
//	              block columns; number of row pointers, number of column indices, both lists;
//	              b times the index of a block and its values by columns
//	q (dimension·n numbers), μ (n numbers), a flag 0 or 1 that some files leave out and that is ignored
//
// A plane problem is returned with three components per contact, the third of them zero. Nothing else may
// follow the matrix, so that a misread matrix cannot pass. Errors name the line.
func ReadDelassus(r io.Reader) (*Delassus, error) {
	t, err := tokens(r)
	if err != nil {
		return nil, err
	}
	dim, n := t.int("dimension"), t.int("number of contacts")
	storage, rows, cols := t.int("storage"), t.int("rows"), t.int("columns")
	switch {
	case t.err != nil:
		return nil, t.err
	case dim != 2 && dim != 3:
		return nil, t.errorf("dimension %d, want 2 or 3", dim)
	case n < 0 || n > len(t.words):
		return nil, t.errorf("%d contacts in a file of %d numbers", n, len(t.words))
	case rows != dim*n || cols != rows:
		return nil, t.errorf("matrix of %d×%d, want %d×%d", rows, cols, dim*n, dim*n)
	}

	// a plane problem leaves every third row and column zero
	wide := func(i int) int { return i/dim*3 + i%dim }
	w := make([]float64, 9*n*n)
	set := func(i, j int, x float64) { w[wide(i)*3*n+wide(j)] = x }
	switch storage {
	case 0:
		t.dense(rows, set)
	case 1:
		t.sparse(rows, set)
	default:
		return nil, t.errorf("unknown storage %d, want 0 (dense) or 1 (sparse block)", storage)
	}
	if t.err != nil {
		return nil, t.err
	}

	if left := len(t.words) - t.at; left != dim*n+n && left != dim*n+n+1 {
		return nil, t.errorf("%d numbers after the matrix, want %d for q and %d for μ", left, dim*n, n)
	}
	q, mu := make([]float64, 3*n), make([]float64, n)
	for i := range rows {
		q[wide(i)] = t.float("q")
	}
	for i := range mu {
		if mu[i] = t.float("μ"); mu[i] < 0 && t.err == nil {
			t.err = t.errorf("negative friction coefficient %g", mu[i])
		}
	}
	if t.at < len(t.words) {
		t.index("flag", 0, 1)
	}
	if t.err != nil {
		return nil, t.err
	}
	return NewDelassus(w, q, mu), nil
}

// words are the words of a file with their lines. After the first error all further numbers are zero.
type words struct {
	words []string
	lines []int
	at    int
	err   error
}

func tokens(r io.Reader) (*words, error) {
	t := &words{}
	s := bufio.NewReader(r)
	for line := 1; ; line++ {
		text, err := s.ReadString('\n')
		for _, w := range strings.Fields(text) {
			t.words, t.lines = append(t.words, w), append(t.lines, line)
		}
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("ipm: line %d: %w", line, err)
		}
	}
}

// errorf names the line of the last word read.
func (t *words) errorf(format string, args ...any) error {
	line := 1
	if t.at > 0 {
		line = t.lines[t.at-1]
	}
	return fmt.Errorf("ipm: line %d: "+format, append([]any{line}, args...)...)
}

func (t *words) next(what string) (string, bool) {
	if t.err != nil {
		return "", false
	}
	if t.at == len(t.words) {
		t.err = t.errorf("file ends before %s", what)
		return "", false
	}
	t.at++
	return t.words[t.at-1], true
}

func (t *words) int(what string) int {
	w, ok := t.next(what)
	if !ok {
		return 0
	}
	i, err := strconv.Atoi(w)
	if err != nil {
		t.err = t.errorf("%s: %q is no whole number", what, w)
	}
	return i
}

func (t *words) float(what string) float64 {
	w, ok := t.next(what)
	if !ok {
		return 0
	}
	x, err := strconv.ParseFloat(w, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		t.err = t.errorf("%s: %q is no finite number", what, w)
	}
	return x
}

// index reads a whole number of the range lo ≤ i ≤ hi.
func (t *words) index(what string, lo, hi int) int {
	i := t.int(what)
	if t.err == nil && (i < lo || i > hi) {
		t.err = t.errorf("%s: %d is outside %d … %d", what, i, lo, hi)
		return lo
	}
	return i
}

func (t *words) dense(size int, set func(i, j int, x float64)) {
	if r, c := t.int("rows"), t.int("columns"); t.err == nil && (r != size || c != size) {
		t.err = t.errorf("dense matrix of %d×%d, want %d×%d", r, c, size, size)
	}
	for j := 0; j < size && t.err == nil; j++ {
		for i := range size {
			set(i, j, t.float("matrix"))
		}
	}
}

func (t *words) sparse(size int, set func(i, j int, x float64)) {
	blocks := t.index("number of blocks", 0, len(t.words))
	nr, nc := t.index("block rows", 0, size), t.index("block columns", 0, size)
	rows, cols := t.list("block row ends", nr, size), t.list("block column ends", nc, size)
	np, ni := t.index("number of row pointers", 0, nr+1), t.index("number of column indices", 0, blocks)
	if t.err == nil && ni != blocks {
		t.err = t.errorf("%d column indices for %d blocks", ni, blocks)
	}
	pointers, indices := t.list("row pointers", np, blocks), make([]int, ni)
	for i := range indices {
		indices[i] = t.index("column index", 0, nc-1)
	}
	if t.err != nil {
		return
	}
	if nr > 0 && (rows[nr-1] != size || cols[nc-1] != size) {
		t.err = t.errorf("blocks end at row %d and column %d, want %d", rows[nr-1], cols[nc-1], size)
		return
	}
	start := func(ends []int, i int) int {
		if i == 0 {
			return 0
		}
		return ends[i-1]
	}
	for range blocks {
		b := t.index("index of a block", 0, blocks-1)
		row := 0
		for row+1 < np && pointers[row+1] <= b {
			row++
		}
		if row+1 >= np && t.err == nil {
			t.err = t.errorf("block %d is in no row", b)
		}
		if t.err != nil {
			return
		}
		col := indices[b]
		for j := start(cols, col); j < cols[col]; j++ {
			for i := start(rows, row); i < rows[row]; i++ {
				set(i, j, t.float("block"))
			}
		}
	}
}

// list reads n whole numbers that rise up to at most hi.
func (t *words) list(what string, n, hi int) []int {
	v := make([]int, n)
	lo := 0
	for i := range v {
		v[i] = t.index(what, lo, hi)
		lo = v[i]
	}
	return v
}
