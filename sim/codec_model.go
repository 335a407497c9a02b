package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

const (
	modelFormat  = "ukemi model"
	modelVersion = 2
)

// number is a float64 that JSON can hold when it is not finite: "+inf", "-inf" or "nan".
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	switch v := float64(x); {
	case math.IsInf(v, 1):
		return []byte(`"+inf"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-inf"`), nil
	case math.IsNaN(v):
		return []byte(`"nan"`), nil
	default:
		return json.Marshal(v)
	}
}

func (x *number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"+inf"`:
		*x = number(math.Inf(1))
	case `"-inf"`:
		*x = number(math.Inf(-1))
	case `"nan"`:
		*x = number(math.NaN())
	default:
		v, err := strconv.ParseFloat(string(b), 64)
		if err != nil {
			return fmt.Errorf("%s is not a number", b)
		}
		*x = number(v)
	}
	return nil
}

// The wire types embed what they write. A field of the same name outside hides the one inside from
// encoding/json: that is how numbers that may be infinite get their own encoding, while every other field,
// present or future, is written without being listed.
type (
	wireModel struct {
		Format    string
		Version   int
		Layout    string // of these types, see layout
		Name      string
		Engine    wireEngine
		Bodies    []string
		Joints    []wireJoint
		Inputs    []string
		Frames    []Frame
		Pieces    []dynamics.Piece
		Planes    []string
		Colliders []string
		Contacts  []string
		Loops     []string `json:",omitempty"`
		Visuals   []Drawn
		Warnings  []string
	}
	wireEngine struct {
		*dynamics.Model
		Dofs      []wireDof
		Thrusters []wireThruster `json:",omitempty"`
		Contacts  *struct{}      `json:",omitempty"` // hidden: they follow from the colliders
	}
	wireThruster struct {
		dynamics.Thruster
		Lower, Upper number
	}
	wireDof struct {
		dynamics.Dof
		Lower, Upper, Effort, MaxSpeed number
	}
	wireJoint struct {
		JointInfo
		Axes []wireAxis
	}
	wireAxis struct {
		Axis
		Lower, Upper number
	}
)

// layout is a fingerprint of the names and types of all fields of the format. A file of an engine whose
// compiled model has other fields is refused even where nobody thought of raising the version.
var layout = sync.OnceValue(func() string {
	h := fnv.New64a()
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		fmt.Fprint(h, t.Kind(), "{")
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				if !t.Field(i).IsExported() {
					continue // no file has it
				}
				fmt.Fprint(h, t.Field(i).Name, " ")
				walk(t.Field(i).Type)
			}
		case reflect.Slice, reflect.Array, reflect.Pointer:
			walk(t.Elem())
		}
		fmt.Fprint(h, "}")
	}
	walk(reflect.TypeFor[wireModel]())
	return fmt.Sprintf("%016x", h.Sum64())
})

func (m *Model) encode() ([]byte, error) {
	w := wireModel{
		Format: modelFormat, Version: modelVersion, Layout: layout(), Name: m.name, Engine: wireEngine{Model: m.dyn},
		Bodies: m.bodies, Inputs: m.inputs, Frames: m.frames, Pieces: m.pieces, Planes: m.planes, Colliders: m.colliders,
		Contacts: m.contacts, Loops: m.loops, Visuals: m.visuals, Warnings: m.warnings,
	}
	for _, d := range m.dyn.Dofs {
		w.Engine.Dofs = append(w.Engine.Dofs, wireDof{d, number(d.Lower), number(d.Upper), number(d.Effort), number(d.MaxSpeed)})
	}
	for _, t := range m.dyn.Thrusters {
		w.Engine.Thrusters = append(w.Engine.Thrusters, wireThruster{t, number(t.Lower), number(t.Upper)})
	}
	for _, j := range m.joints {
		wj := wireJoint{JointInfo: j}
		for _, a := range j.Axes {
			wj.Axes = append(wj.Axes, wireAxis{a, number(a.Lower), number(a.Upper)})
		}
		w.Joints = append(w.Joints, wj)
	}
	again := m.dyn.Clone()
	again.PlaceContacts() // as loading will
	if !slices.Equal(again.Contacts, m.dyn.Contacts) {
		return nil, fmt.Errorf("sim: model %q cannot be saved: its contacts were moved off their shapes", m.name)
	}
	if name, ok := w.validText(); !ok {
		return nil, fmt.Errorf("sim: model %q cannot be saved: the name %q is not valid UTF-8", m.name, name)
	}
	b, err := json.Marshal(&w)
	if err != nil {
		return nil, fmt.Errorf("sim: model %q cannot be saved: %w", m.name, err)
	}
	return append(b, '\n'), nil
}

// validText reports the first string that JSON would change.
func (w *wireModel) validText() (string, bool) {
	all := []string{w.Name}
	for _, l := range [][]string{w.Bodies, w.Inputs, w.Planes, w.Colliders, w.Contacts, w.Loops, w.Warnings} {
		all = append(all, l...)
	}
	for i := range w.Joints {
		all = append(all, w.Joints[i].Name)
	}
	for i := range w.Frames {
		all = append(all, w.Frames[i].Name)
	}
	for i := range w.Visuals {
		all = append(all, w.Visuals[i].Name, w.Visuals[i].Mesh)
	}
	for _, s := range all {
		if !utf8.ValidString(s) {
			return s, false
		}
	}
	return "", true
}

// Save writes the compiled model as one line of JSON, the same bytes for the same model. Numbers have as
// many digits as it takes to read back the same bits; limits that are not there are "+inf" and "-inf".
// The contents are the engine's tables, so a file is for the engine version that wrote it (fields Version
// and Layout); what lasts is the program or the robot description the model was built from.
//
// It fails for a model that could not be loaded: a name that is not UTF-8, a color that is NaN, parameters
// that were changed to what no body can have.
func (m *Model) Save(w io.Writer) error {
	if err := m.validate(); err != nil {
		return fmt.Errorf("sim: model %q cannot be saved: %w", m.name, err)
	}
	b, err := m.encode()
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// Hash returns the FNV-64a hash of what [Model.Save] writes, 0 for a model that JSON cannot hold. It
// encodes the model anew each time.
func (m *Model) Hash() uint64 {
	b, err := m.encode()
	if err != nil {
		return 0
	}
	return checksum(b)
}

// LoadModel reads a model that [Model.Save] wrote. It steps to the same bits as the one that was saved.
// Everything in the file is checked: a model that is returned can be stepped.
func LoadModel(r io.Reader) (*Model, error) {
	b, err := readAll(r)
	if err != nil {
		return nil, err
	}
	// the header first, for a clear word about files of another kind or version
	var head struct {
		Format  string
		Version int
		Layout  string
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, formatError("not a model: %w", err)
	}
	switch {
	case head.Format != modelFormat:
		return nil, formatError("not a model: format is %q, want %q", head.Format, modelFormat)
	case head.Version != modelVersion:
		return nil, formatError("model of version %d, this engine reads version %d", head.Version, modelVersion)
	case head.Layout != layout():
		return nil, formatError("model of another build of the engine (layout %s, want %s); save it again with this one", head.Layout, layout())
	}
	var w wireModel
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return nil, formatError("model: %w", err)
	}
	m, err := w.model()
	if err != nil {
		return nil, formatError("model %q: %w", w.Name, err)
	}
	return m, nil
}

// model checks w and turns it into a model.
func (w *wireModel) model() (*Model, error) {
	d := w.Engine.Model
	if d == nil {
		return nil, fmt.Errorf("there is no engine part")
	}
	d.Contacts, d.Dofs, d.Thrusters = nil, nil, nil
	for i := range w.Engine.Dofs {
		f := &w.Engine.Dofs[i]
		f.Dof.Lower, f.Dof.Upper, f.Dof.Effort, f.Dof.MaxSpeed = float64(f.Lower), float64(f.Upper), float64(f.Effort), float64(f.MaxSpeed)
		d.Dofs = append(d.Dofs, f.Dof)
	}
	for _, t := range w.Engine.Thrusters {
		t.Thruster.Lower, t.Thruster.Upper = float64(t.Lower), float64(t.Upper)
		d.Thrusters = append(d.Thrusters, t.Thruster)
	}
	m := &Model{
		name: w.Name, dyn: d, bodies: w.Bodies, inputs: w.Inputs, frames: w.Frames, pieces: w.Pieces, planes: w.Planes,
		colliders: w.Colliders, contacts: w.Contacts, loops: w.Loops, visuals: w.Visuals, warnings: w.Warnings,
	}
	for i := range w.Joints {
		j := w.Joints[i].JointInfo
		j.Axes = nil
		for _, a := range w.Joints[i].Axes {
			a.Axis.Lower, a.Axis.Upper = float64(a.Lower), float64(a.Upper)
			j.Axes = append(j.Axes, a.Axis)
		}
		m.joints = append(m.joints, j)
	}
	if err := m.validate(); err != nil {
		return nil, err
	}
	d.PlaceContacts()
	for i := range d.Contacts {
		if !d.Contacts[i].Feature.Finite() {
			return nil, fmt.Errorf("contact %q is not finite", m.contacts[i])
		}
	}
	m.setStructure()
	return m, nil
}
