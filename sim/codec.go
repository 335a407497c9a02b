package sim

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
)

// Files. There are three formats, all deterministic (same contents, same bytes) and exact (what is loaded
// has the bits of what was saved):
//
//	model      JSON, one line; see [Model.Save]
//	state      binary, fixed layout; see [Model.SaveState]
//	recording  a JSON header and a table of float64; see [Recording.Save]
//
// Binary numbers are little-endian. The binary formats end with the FNV-64a checksum of all bytes before
// it. Loaders take hostile input: they return an error that wraps ErrFormat and never allocate more than
// a small multiple of what they were given.

// ErrFormat is wrapped by every error about the contents of a file.
var ErrFormat = errors.New("bad file")

// maxFile bounds what a loader reads (bytes).
const maxFile = 1 << 30

func formatError(format string, args ...any) error {
	return fmt.Errorf("sim: %w: %w", ErrFormat, fmt.Errorf(format, args...))
}

// readAll reads all of r, up to maxFile bytes.
func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	if len(b) > maxFile {
		return nil, formatError("longer than %d bytes", maxFile)
	}
	return b, nil
}

func checksum(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

func appendFloats(b []byte, v []float64) []byte {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// sealed returns b with its checksum behind it.
func sealed(b []byte) []byte { return binary.LittleEndian.AppendUint64(b, checksum(b)) }

// unseal checks the magic word, the version behind it, oldest to version, and the checksum of a binary file and returns
// what is between them.
func unseal(b []byte, magic string, oldest, version uint32) ([]byte, error) {
	n := len(magic)
	if len(b) == 0 {
		return nil, formatError("it is empty")
	}
	if len(b) < n || string(b[:n]) != magic {
		return nil, formatError("it does not begin with %q", magic)
	}
	if len(b) < n+4+8 {
		return nil, formatError("truncated after %d bytes", len(b))
	}
	if v := binary.LittleEndian.Uint32(b[n:]); v < oldest || v > version {
		return nil, formatError("version %d, this engine writes version %d and reads none before %d: make the file anew", v, version, oldest)
	}
	end := len(b) - 8
	if got, want := checksum(b[:end]), binary.LittleEndian.Uint64(b[end:]); got != want {
		return nil, formatError("checksum is %016x, want %016x: truncated or damaged", got, want)
	}
	return b[n+4 : end], nil
}

// scanner reads numbers from a slice; the caller has checked that there are enough.
type scanner struct{ b []byte }

func (s *scanner) u32() uint32 {
	v := binary.LittleEndian.Uint32(s.b)
	s.b = s.b[4:]
	return v
}

func (s *scanner) u64() uint64 {
	v := binary.LittleEndian.Uint64(s.b)
	s.b = s.b[8:]
	return v
}

func (s *scanner) f64() float64 { return math.Float64frombits(s.u64()) }

func (s *scanner) floats(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = s.f64()
	}
	return v
}

const (
	stateMagic   = "ukemi-s\n"
	stateVersion = 2
)

// SaveState writes s, a state of m:
//
//	8 bytes    "ukemi-s\n"
//	uint32     version, 2
//	uint64     [Model.Hash]
//	uint32 ×2  nq, nv
//	float64    q, then v, then the length of the interval of v
//	uint64     checksum
func (m *Model) SaveState(w io.Writer, s State) error {
	if err := m.CheckState(s); err != nil {
		return err
	}
	b := []byte(stateMagic)
	b = binary.LittleEndian.AppendUint32(b, stateVersion)
	b = binary.LittleEndian.AppendUint64(b, m.Hash())
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s.Q)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s.V)))
	_, err := w.Write(sealed(appendFloats(appendFloats(appendFloats(b, s.Q), s.V), []float64{s.H})))
	return err
}

// LoadState reads a state of m that [Model.SaveState] wrote. A state of another model is an error.
func (m *Model) LoadState(r io.Reader) (State, error) {
	b, err := readAll(r)
	if err != nil {
		return State{}, err
	}
	if b, err = unseal(b, stateMagic, stateVersion, stateVersion); err != nil {
		return State{}, err
	}
	if len(b) < 16 {
		return State{}, formatError("truncated header")
	}
	in := scanner{b}
	hash, nq, nv := in.u64(), uint64(in.u32()), uint64(in.u32())
	if want := m.Hash(); hash != want {
		return State{}, formatError("state of model %016x, this is model %q %016x", hash, m.name, want)
	}
	if nq != uint64(m.dyn.NQ) || nv != uint64(m.dyn.NV) || uint64(len(in.b)) != 8*(nq+nv+1) {
		return State{}, formatError("%d coordinates and %d velocities in %d bytes, model %q has %d and %d", nq, nv, len(in.b), m.name, m.dyn.NQ, m.dyn.NV)
	}
	s := State{Q: in.floats(int(nq)), V: in.floats(int(nv)), H: in.floats(1)[0]}
	if err := m.CheckState(s); err != nil {
		return State{}, formatError("%w", err)
	}
	return s, nil
}
