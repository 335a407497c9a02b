package sim

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/ukemi-sim/ukemi/ipm"
)

// Recording is a trajectory together with what it takes to make it again: which model, which options,
// which seed.
type Recording struct {
	Model   string  // name
	Hash    uint64  // [Model.Hash]
	Options Options // as [Stepper.Options] gives them
	Seed    uint64  // of whatever was random in starts and inputs; the engine itself draws nothing
	World   *Model  // the model itself; nil where the file does not have it, as before version 5, or has that of another engine
	Trajectory
}

// Record returns the recording of a trajectory that s made. It shares the trajectory's slices.
func (s *Stepper) Record(t *Trajectory, seed uint64) *Recording {
	return &Recording{Model: s.m.name, Hash: s.m.Hash(), Options: s.opt, Seed: seed, World: s.m, Trajectory: *t}
}

const (
	recordingMagic   = "ukemi-r\n"
	recordingVersion = 7 // the first with torques of contacts, where there are some
	recordingPacked  = 5 // the first with a model, packed
	recordingGuessed = 6 // the first whose numbers are guessed
	recordingOldest  = 3 // without contacts
)

// recordingHeader is the JSON in front of the table.
type recordingHeader struct {
	Model      string      `json:"model"`
	Hash       string      `json:"hash"` // hexadecimal: JSON readers elsewhere round numbers of 64 bits
	Seed       string      `json:"seed"` // decimal
	Timestep   float64     `json:"timestep"`
	Options    wireOptions `json:"options"`
	NQ         int         `json:"nq"`
	NV         int         `json:"nv"`
	NU         int         `json:"nu"`
	Steps      int         `json:"steps"`
	ResultSize int         `json:"result_size"`
	Contacts   *int        `json:"contacts,omitempty"` // rows of their table; nil where they are not known
	Torques    bool        `json:"torques,omitempty"`  // whether their table has them
	ModelSize  int         `json:"model_size"`         // bytes
	Motions    []motion    `json:"motions,omitempty"`  // by which positions are guessed
}

// wireOptions writes a margin that may be infinite.
type wireOptions struct {
	Options
	Margin number
}

// resultSize is the number of columns of a result, in the order of the fields of [Result].
const resultSize = 8

func appendResult(b []byte, r Result) []byte {
	return appendFloats(b, []float64{float64(r.Status), float64(r.Iterations), float64(r.Halvings), float64(r.Unpolished), r.Residual, r.Gap, r.Centrality, r.Kappa})
}

func (s *scanner) result() (Result, error) {
	v := s.floats(resultSize)
	for _, x := range v[:4] {
		if x != math.Trunc(x) || x < 0 || x > math.MaxInt32 {
			return Result{}, fmt.Errorf("a result counts %g", x)
		}
	}
	r := Result{Status: Status(v[0]), Iterations: int(v[1]), Halvings: int(v[2]), Unpolished: int(v[3]), Residual: v[4], Gap: v[5], Centrality: v[6], Kappa: v[7]}
	if r.Status != ipm.Solved {
		return Result{}, fmt.Errorf("a step of status %g was recorded; only solved ones are", v[0])
	}
	if !finite(v[4:]...) {
		return Result{}, fmt.Errorf("a result is not finite")
	}
	return r, nil
}

// Save writes r:
//
//	8 bytes     "ukemi-r\n"
//	uint32      version, 7
//	uint32      length of the header
//	JSON        model, hash, seed, timestep, options, nq, nv, nu, steps, result_size (8), contacts, torques, model_size, motions
//
// and, deflated,
//
//	JSON        the model, as [Model.Save] writes it; nothing when World is nil
//	float64     steps rows: q (nq), v (nv), length of the interval of v, u (nu), result (status, iterations, halvings, unpolished,
//	            residual, gap, centrality, kappa)
//	float64     the last state: q (nq), v (nv), length of the interval of v
//	float64     contacts rows, by step: step, A, B, feature, body of A, of B, point (3), normal (3), force (3), gap, slide, κ unit,
//	            torque (3) where any contact has one
//
// and a uint64, the checksum. q and v of a row are the state before the step, u and result belong to the step. The
// header of a recording that does not know its contacts has no field of that name. The tables are stored by columns,
// each number as how far it is off a guess, see packer and motion. Before version 7 contacts have no torques; version 5
// has differences of neighbors, versions 3 and 4 have the tables as they are, and no model.
func (r *Recording) Save(w io.Writer) error {
	if err := r.check(); err != nil {
		return err
	}
	h := recordingHeader{
		Model: r.Model, Hash: fmt.Sprintf("%016x", r.Hash), Seed: strconv.FormatUint(r.Seed, 10), Timestep: r.Timestep,
		Options: wireOptions{r.Options, number(r.Options.Margin)},
		NQ:      len(r.States[0].Q), NV: len(r.States[0].V), Steps: len(r.Inputs), ResultSize: resultSize,
	}
	if h.Steps > 0 {
		h.NU = len(r.Inputs[0])
	}
	if r.Contacts != nil {
		h.Contacts = new(int)
		for _, l := range r.Contacts {
			*h.Contacts += len(l)
			h.Torques = h.Torques || slices.ContainsFunc(l, resists)
		}
	}
	var body []byte
	if r.World != nil {
		var err error
		if body, err = r.World.encode(); err != nil {
			return err
		}
		h.ModelSize, h.Motions = len(body), motions(r.World)
	}
	body = append(make([]byte, 0, h.bodySize()), body...)
	for k, s := range r.States {
		body = appendFloats(appendFloats(appendFloats(body, s.Q), s.V), []float64{s.H})
		if k < h.Steps {
			body = appendResult(appendFloats(body, r.Inputs[k]), r.Results[k])
		}
	}
	head, err := json.Marshal(&h)
	if err == nil {
		body, err = h.pack(h.appendContacts(body, r.Contacts))
	}
	if err != nil {
		return fmt.Errorf("sim: recording cannot be saved: %w", err)
	}
	b := binary.LittleEndian.AppendUint32([]byte(recordingMagic), recordingVersion)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(head)))
	_, err = w.Write(sealed(append(append(b, head...), body...)))
	return err
}

// check returns an error when the table has no shape or holds what is not a number.
func (r *Recording) check() error {
	n := len(r.Inputs)
	if len(r.States) != n+1 || len(r.Results) != n {
		return fmt.Errorf("sim: recording has %d states, %d inputs and %d results, want n+1, n, n", len(r.States), n, len(r.Results))
	}
	if r.Contacts != nil && len(r.Contacts) != n {
		return fmt.Errorf("sim: recording has the contacts of %d steps, want %d", len(r.Contacts), n)
	}
	first := r.States[0]
	for k, s := range r.States {
		if len(s.Q) != len(first.Q) || len(s.V) != len(first.V) || (k < n && len(r.Inputs[k]) != len(r.Inputs[0])) {
			return fmt.Errorf("sim: recording changes its shape at step %d", k)
		}
		if !finite(s.Q...) || !finite(s.V...) || !(s.H >= 0) || !finite(s.H) || (k < n && !finite(r.Inputs[k]...)) {
			return fmt.Errorf("sim: recording is not finite at step %d", k)
		}
	}
	for k, l := range r.Contacts {
		for i := range l {
			if !l[i].finite() {
				return fmt.Errorf("sim: recording has a contact that is not finite at step %d", k)
			}
		}
	}
	if !positive(r.Timestep) {
		return fmt.Errorf("sim: recording has the timestep %g", r.Timestep)
	}
	return nil
}

// LoadRecording reads what [Recording.Save] wrote. It needs no model; [Recording.Of] compares with one.
func LoadRecording(in io.Reader) (*Recording, error) {
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	version := uint32(0)
	if n := len(recordingMagic); len(b) >= n+4 {
		version = binary.LittleEndian.Uint32(b[n:])
	}
	if b, err = unseal(b, recordingMagic, recordingOldest, recordingVersion); err != nil {
		return nil, err
	}
	if len(b) < 4 {
		return nil, formatError("truncated header")
	}
	s := scanner{b}
	size := uint64(s.u32())
	if size > uint64(len(s.b)) {
		return nil, formatError("header of %d bytes in %d", size, len(s.b))
	}
	var h recordingHeader
	dec := json.NewDecoder(bytes.NewReader(s.b[:size]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&h); err != nil {
		return nil, formatError("header: %w", err)
	}
	s.b = s.b[size:]
	r := &Recording{Model: h.Model, Options: h.Options.Options, Trajectory: Trajectory{Timestep: h.Timestep}}
	r.Options.Margin = float64(h.Options.Margin)
	if r.Hash, err = strconv.ParseUint(h.Hash, 16, 64); err != nil {
		return nil, formatError("header: hash: %w", err)
	}
	if r.Seed, err = strconv.ParseUint(h.Seed, 10, 64); err != nil {
		return nil, formatError("header: seed: %w", err)
	}
	if err := h.fits(len(s.b), version >= recordingPacked); err != nil {
		return nil, formatError("header: %w", err)
	}
	if version >= recordingPacked {
		unpack := h.unpack
		if version < recordingGuessed {
			unpack = h.unpackDifferences
		}
		if s.b, err = unpack(s.b); err != nil {
			return nil, err
		}
		if h.ModelSize > 0 {
			r.World, _ = LoadModel(bytes.NewReader(s.b[:h.ModelSize])) // another engine's is no error: the tables may be read without
			s.b = s.b[h.ModelSize:]
		}
	}
	for k := 0; ; k++ {
		r.States = append(r.States, State{Q: s.floats(h.NQ), V: s.floats(h.NV), H: s.floats(1)[0]})
		if k == h.Steps {
			break
		}
		r.Inputs = append(r.Inputs, s.floats(h.NU))
		res, err := s.result()
		if err != nil {
			return nil, formatError("step %d: %w", k, err)
		}
		r.Results = append(r.Results, res)
	}
	if h.Contacts != nil {
		if r.Contacts, err = h.contacts(&s); err != nil {
			return nil, formatError("%w", err)
		}
	}
	if err := r.check(); err != nil {
		return nil, formatError("%w", err)
	}
	return r, nil
}

// deflated is the most by which deflating shortens: what is promised to be longer is no file of ours.
const deflated = 1032

// fits checks the sizes of the header against the n bytes behind it, before anything is allocated.
func (h *recordingHeader) fits(n int, packed bool) error {
	most := n
	if packed {
		most = min(deflated*n, maxFile)
	}
	for _, x := range []int{h.NQ, h.NV, h.NU, h.Steps} {
		if x < 0 || x > most/8 { // every one of them costs 8 bytes at least, so products stay far below 2⁶³
			return fmt.Errorf("nq %d, nv %d, nu %d, steps %d in %d bytes", h.NQ, h.NV, h.NU, h.Steps, n)
		}
	}
	if err := checkMotions(h.Motions, h.NQ, h.NV); err != nil {
		return err
	}
	if h.ResultSize != resultSize {
		return fmt.Errorf("results of %d numbers, this engine has %d", h.ResultSize, resultSize)
	}
	if c := h.Contacts; c != nil && (*c < 0 || *c > most/8) {
		return fmt.Errorf("%d contacts in %d bytes", *c, n)
	}
	if h.ModelSize < 0 || h.ModelSize > most || h.ModelSize > 0 && !packed {
		return fmt.Errorf("a model of %d bytes in %d", h.ModelSize, n)
	}
	if want := h.bodySize(); packed && want > most || !packed && want != n {
		return fmt.Errorf("a table of %d bytes, want %d", n, want)
	}
	return nil
}

// bodySize returns the bytes of model and tables.
func (h *recordingHeader) bodySize() int {
	contacts := 0
	if h.Contacts != nil {
		contacts = *h.Contacts
	}
	return h.ModelSize + 8*(h.Steps*(h.NQ+h.NV+1+h.NU+resultSize)+h.NQ+h.NV+1+contacts*h.contactSize())
}

// Of returns an error unless r was made with m: the same hash, sizes and timestep.
func (r *Recording) Of(m *Model) error {
	if h := m.Hash(); r.Hash != h {
		return fmt.Errorf("sim: recording of model %q %016x, this is %q %016x", r.Model, r.Hash, m.name, h)
	}
	if r.Timestep != m.dyn.Timestep {
		return fmt.Errorf("sim: recording has the timestep %g, model %q has %g", r.Timestep, m.name, m.dyn.Timestep)
	}
	for k, s := range r.States {
		if err := m.CheckState(s); err != nil {
			return fmt.Errorf("sim: recording, state %d: %w", k, err)
		}
	}
	for k, l := range r.Contacts {
		for i := range l {
			if !m.HasContact(l[i].ID) {
				return fmt.Errorf("sim: recording, step %d: model %q has no contact %s", k, m.name, m.ContactName(l[i].ID))
			}
		}
	}
	return nil
}

// Replay simulates r again from its first state with its inputs and returns an error that names the first
// step whose result has other bits.
func (r *Recording) Replay(m *Model) error {
	if err := r.Of(m); err != nil {
		return err
	}
	s := m.NewStepper(r.Options)
	cur := r.States[0].Clone()
	for k, u := range r.Inputs {
		if _, err := s.Step(&cur, cur, u); err != nil {
			return fmt.Errorf("sim: replay, step %d: %w", k, err)
		}
		if w := r.States[k+1]; !equalBits(cur.Q, w.Q) || !equalBits(cur.V, w.V) || cur.H != w.H {
			return fmt.Errorf("sim: replay differs from the recording of model %q at step %d", r.Model, k)
		}
	}
	return nil
}

func equalBits(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}
