package sim_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func saveModel(t testing.TB, m *sim.Model) []byte {
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func saveState(t testing.TB, m *sim.Model, s sim.State) []byte {
	var b bytes.Buffer
	if err := m.SaveState(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func record(t testing.TB, m *sim.Model, steps int) *sim.Recording {
	s := m.NewStepper(sim.Options{Margin: math.Inf(1)})
	ctrl := wave(m)
	tr, err := s.Rollout(scatter(m, 1)[0], steps, func(u []float64, k int, cur sim.State) { ctrl(u, 0, k, cur) })
	if err != nil {
		t.Fatal(err)
	}
	return s.Record(tr, 1<<63+17)
}

func saveRecording(t testing.TB, r *sim.Recording) []byte {
	var b bytes.Buffer
	if err := r.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestModelRoundTrip: equal in every field, exported or not, the same bytes again, and the same bits after
// a rollout with contact.
func TestModelRoundTrip(t *testing.T) {
	t.Run("hinge", func(t *testing.T) { roundTrip(t, hinge) })
	t.Run("crowd", func(t *testing.T) { roundTrip(t, crowd) })
}

func roundTrip(t *testing.T, build func(testing.TB) *sim.Model) {
	m := build(t)
	b := saveModel(t, m)
	t.Logf("%d bytes, hash %016x", len(b), m.Hash())
	got, err := sim.LoadModel(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, m) {
		t.Error("the loaded model differs from the saved one")
	}
	if !bytes.Equal(saveModel(t, got), b) || got.Hash() != m.Hash() || !bytes.Equal(saveModel(t, build(t)), b) {
		t.Error("the same model does not give the same bytes")
	}
	if err := record(t, m, 50).Replay(got); err != nil {
		t.Error(err)
	}
}

// TestModelHashChanges: a model that steps or looks differently has another hash.
func TestModelHashChanges(t *testing.T) {
	build := func(mass, h float64, name string) uint64 {
		b := newWorld("ball", h)
		b.AddGround()
		l := b.AddLink(name, sim.SphereInertia(mass, 0.1))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
		m := mustModel(t, b)
		return m.Hash()
	}
	want := build(1, 0.01, "a")
	if build(1, 0.01, "a") != want {
		t.Error("the same model has another hash")
	}
	if build(math.Nextafter(1, 2), 0.01, "a") == want || build(1, 0.02, "a") == want || build(1, 0.01, "b") == want {
		t.Error("another model has the same hash")
	}
}

// TestModelNotSaved: what JSON cannot hold is an error, not a changed model.
func TestModelNotSaved(t *testing.T) {
	for _, name := range []string{"ok", "bad \xff"} {
		b := sim.NewBuilder("ball")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{})
		b.AddFree("free", b.AddLink(name, sim.SphereInertia(1, 0.1)))
		m := mustModel(t, b)
		if err := m.Save(&bytes.Buffer{}); (err == nil) != (name == "ok") || (m.Hash() == 0) != (err != nil) {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

// TestModelBadFiles: every mistake has its word, and none panics.
func TestModelBadFiles(t *testing.T) {
	good := string(saveModel(t, crowd(t)))
	for name, c := range map[string]struct{ old, new, want string }{
		"garbage":      {good, "\x00\x01garbage", "not a model"},
		"empty":        {good, "", "not a model"},
		"other JSON":   {good, `{"a":1}`, "format"},
		"version":      {`"Version":2`, `"Version":3`, "version 3"},
		"layout":       {`"Layout":"`, `"Layout":"0`, "another build"},
		"unknown":      {`"Law":0`, `"Law":0,"Lawn":1`, "Lawn"},
		"law":          {`"Law":0`, `"Law":9`, "friction law"},
		"timestep":     {`"Timestep":0.01`, `"Timestep":-1`, "timestep"},
		"NaN":          {`"Timestep":0.01`, `"Timestep":"nan"`, "model"},
		"parent":       {`"Parent":2,`, `"Parent":7,`, "parent"},
		"quaternion":   {`"Real":1`, `"Real":2`, "pose"},
		"mass":         {`"Mass":4`, `"Mass":-4`, "mass"},
		"triangle":     {`"Inertia":{"XX":`, `"Inertia":{"XX":9`, "inertia"},
		"axis":         {`"Axes":[{"X":1,`, `"Axes":[{"X":2,`, "axis"},
		"velocity":     {`"NV":`, `"NV":1`, "velocities"},
		"huge":         {`"NQ":`, `"NQ":1000000000`, "coordinates"},
		"tree":         {`"Tree":1`, `"Tree":2`, "tree"},
		"input":        {`"Input":0`, `"Input":5`, "input"},
		"limit":        {`"Lower":-1,`, `"Lower":3,`, "range"},
		"limit NaN":    {`"Lower":-1,`, `"Lower":"nan",`, "range"},
		"gain":         {`"Kp":20`, `"Kp":-20`, "coefficient"},
		"shape":        {`"Kind":2`, `"Kind":77`, "kind"},
		"collider":     {`"Colliders":[{"Body":0`, `"Colliders":[{"Body":99`, "body 99"},
		"friction":     {`"Friction":0.5`, `"Friction":-0.5`, "friction"},
		"mimic":        {`"Dof":`, `"Dof":99`, "mimic"},
		"names":        {`"Contacts":["`, `"Contacts":["x","`, "contacts"},
		"half-space":   {`"Planes":[{"Normal":{"X":0`, `"Planes":[{"Normal":{"X":1`, "half-space"},
		"scale":        {`"Scale":1.1,`, `"Scale":0,`, "scale"},
		"qindex":       {`"QIndex":[0,`, `"QIndex":[1,`, "coordinate"},
		"engine":       {`"Engine":{`, `"Engine":null,"Bodies":{`, "model"},
		"trailing":     {good, good + "{}", "not a model"},
		"joint length": {`"Trans":[{`, `"Trans":[{"X":1,"Y":0,"Z":0},{`, "joint"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Errorf("%s: %s is not in the file", name, c.old)
			continue
		}
		_, err := sim.LoadModel(strings.NewReader(bad))
		if err == nil || !errors.Is(err, sim.ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error about %q", name, err, c.want)
		}
	}
	for n := 0; n < len(good)-1; n += 97 {
		if _, err := sim.LoadModel(strings.NewReader(good[:n])); !errors.Is(err, sim.ErrFormat) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

// TestModelContactProduct: few points and few half-spaces in a small file must not become many contacts.
func TestModelContactProduct(t *testing.T) {
	var w map[string]any
	if err := json.Unmarshal(saveModel(t, crowd(t)), &w); err != nil {
		t.Fatal(err)
	}
	e := w["Engine"].(map[string]any)
	point, plane := map[string]any{"X": 0}, e["Planes"].([]any)[0]
	var points, planes, names []any
	for range 20000 {
		points, planes, names = append(points, point), append(planes, plane), append(names, "")
	}
	e["Planes"], w["Planes"] = planes, names
	e["Colliders"].([]any)[0].(map[string]any)["Shape"] = map[string]any{"Kind": contact.KindPoints, "Vertices": points}
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sim.LoadModel(bytes.NewReader(b)); err == nil || !strings.Contains(err.Error(), "contacts") {
		t.Error(err)
	}
}

func TestStateRoundTrip(t *testing.T) {
	m := crowd(t)
	for _, s := range scatter(m, 5) {
		s.V[0] = math.Copysign(0, -1)
		s.V[1] = math.SmallestNonzeroFloat64
		b := saveState(t, m, s)
		got, err := m.LoadState(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(got.Q, s.Q) || !sameBits(got.V, s.V) || !bytes.Equal(saveState(t, m, got), b) {
			t.Error("a state changed on its way")
		}
		for n := range b {
			if _, err := m.LoadState(bytes.NewReader(b[:n])); !errors.Is(err, sim.ErrFormat) {
				t.Fatalf("cut at %d: %v", n, err)
			}
			bad := bytes.Clone(b)
			bad[n] ^= 0x10
			if _, err := m.LoadState(bytes.NewReader(bad)); !errors.Is(err, sim.ErrFormat) {
				t.Fatalf("damaged at %d: %v", n, err)
			}
		}
	}
	s := m.NewState()
	s.Q[2] = math.NaN()
	if m.SaveState(&bytes.Buffer{}, s) == nil {
		t.Error("a state that is NaN was saved")
	}
}

func TestStateOfAnotherModel(t *testing.T) {
	m := crowd(t)
	b := sim.NewBuilder("other")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	b.AddFree("free", b.AddLink("ball", sim.SphereInertia(1, 0.1)))
	other := mustModel(t, b)
	if _, err := m.LoadState(bytes.NewReader(saveState(t, other, other.NewState()))); err == nil || !strings.Contains(err.Error(), "state of model") {
		t.Error(err)
	} else {
		t.Log(err)
	}
}

func TestRecordingRoundTrip(t *testing.T) {
	m := crowd(t)
	r := record(t, m, 30)
	b := saveRecording(t, r)
	got, err := sim.LoadRecording(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, r) {
		t.Error("the loaded recording differs from the saved one")
	}
	if !bytes.Equal(saveRecording(t, got), b) {
		t.Error("the same recording does not give the same bytes")
	}
	if err := got.Replay(m); err != nil {
		t.Error(err)
	}
	got.Inputs[17][0] += 1e-9
	if err := got.Replay(m); err == nil || !strings.Contains(err.Error(), "step 17") {
		t.Errorf("replay of other inputs: %v", err)
	}
	for n := 0; n < len(b); n += 7 {
		if _, err := sim.LoadRecording(bytes.NewReader(b[:n])); !errors.Is(err, sim.ErrFormat) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	r.States[3].V[2] = math.Inf(1)
	if r.Save(&bytes.Buffer{}) == nil {
		t.Error("a recording that is not finite was saved")
	}
}

// TestRecordingOfVersion3 is read, with contacts that nobody knows, and replays; one of version 2 is refused by its number.
func TestRecordingOfVersion3(t *testing.T) {
	m := crowd(t)
	r := record(t, m, 20)
	r.Contacts, r.World = nil, nil
	b := sim.PlainRecording(r, 3)
	got, err := sim.LoadRecording(bytes.NewReader(reseal(b)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, r) {
		t.Errorf("an old recording came back as %+v", got)
	}
	if err := got.Replay(m); err != nil {
		t.Error(err)
	}
	binary.LittleEndian.PutUint32(b[8:], 2)
	if _, err := sim.LoadRecording(bytes.NewReader(reseal(b))); err == nil || !strings.Contains(err.Error(), "version 2, this engine writes version 7 and reads none before 3: make the file anew") {
		t.Error(err)
	}
}

// TestRecordingHoldsItsModel: what was recorded replays without knowing anything else, with parameters that were changed too.
func TestRecordingHoldsItsModel(t *testing.T) {
	r := record(t, crowd(t), 30)
	got, err := sim.LoadRecording(bytes.NewReader(saveRecording(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	if got.World == nil || got.World.Hash() != r.Hash {
		t.Fatalf("the model is %v", got.World)
	}
	if err := got.Replay(got.World); err != nil {
		t.Error(err)
	}
	b := saveRecording(t, r)
	i := bytes.Index(b, []byte(`"model_size":`)) + len(`"model_size":`)
	for _, size := range []string{"99999", "10001", "-9999"} { // as long as the true one
		c := bytes.Clone(b)
		copy(c[i:], size)
		if _, err := sim.LoadRecording(bytes.NewReader(reseal(c))); !errors.Is(err, sim.ErrFormat) {
			t.Errorf("a model of %s bytes: %v", size, err)
		}
	}
}

// TestRecordingIsSmall: positions follow from velocities, and what never changes costs nothing.
func TestRecordingIsSmall(t *testing.T) {
	r := record(t, crowd(t), 400)
	packed, plain := len(saveRecording(t, r))-len(saveModel(t, r.World)), len(sim.PlainRecording(r, 4))
	t.Logf("%d bytes packed with the model, %d plain without", len(saveRecording(t, r)), plain)
	if 3*packed > plain {
		t.Errorf("%d bytes packed, %d plain", packed, plain)
	}
}

// TestRecordingContacts: a recording holds what pushed in every step, and refuses contacts that cannot be.
func TestRecordingContacts(t *testing.T) {
	m := crowd(t)
	r := record(t, m, 30)
	n, last := 0, -1
	for k, l := range r.Contacts {
		if n += len(l); len(l) > 0 {
			last = k
		}
	}
	if n == 0 {
		t.Fatal("nothing touched")
	}
	change := func(f func(*sim.Contact)) *sim.Recording {
		c := *r
		c.Contacts = slices.Clone(r.Contacts)
		c.Contacts[last] = slices.Clone(r.Contacts[last])
		f(&c.Contacts[last][0])
		return &c
	}
	if change(func(c *sim.Contact) { c.Force.Y = math.NaN() }).Save(&bytes.Buffer{}) == nil {
		t.Error("a force that is NaN was saved")
	}
	c := *r
	if c.Contacts = r.Contacts[1:]; c.Save(&bytes.Buffer{}) == nil {
		t.Error("contacts of too few steps were saved")
	}
	other := change(func(c *sim.Contact) { c.ID.A = 99 })
	if err := other.Of(m); err == nil || !strings.Contains(err.Error(), "has no contact (feature") {
		t.Errorf("a contact of collider 99: %v", err)
	}
	good := sim.PlainRecording(r, 4)
	row := func(column int) []byte { return good[len(good)-8-8*18+8*column:][:8] } // of the last contact
	for column, want := range map[int]string{0: "of step 31 after one of step", 3: "is numbered 0.5", 12: "not finite"} {
		old := bytes.Clone(row(column))
		x := map[int]float64{0: 31, 3: 0.5, 12: math.Inf(1)}[column]
		binary.LittleEndian.PutUint64(row(column), math.Float64bits(x))
		if _, err := sim.LoadRecording(bytes.NewReader(reseal(good))); !errors.Is(err, sim.ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("column %d: %v", column, err)
		}
		copy(row(column), old)
	}
	for _, size := range []string{`"contacts":-1`, `"contacts":9`, `"contacts":1000000000000`} {
		i := bytes.Index(good, []byte(`"contacts":`))
		j := i + bytes.IndexByte(good[i:], '}')
		b := slices.Concat(good[:i], []byte(size), good[j:])
		binary.LittleEndian.PutUint32(b[12:], binary.LittleEndian.Uint32(good[12:])+uint32(len(b)-len(good)))
		if _, err := sim.LoadRecording(bytes.NewReader(reseal(b))); !errors.Is(err, sim.ErrFormat) || !strings.Contains(err.Error(), "header") {
			t.Errorf("%s: %v", size, err)
		}
	}
}

// TestRecordingTorques: recordings hold the torques by which contacts resist turning. Where none does they are as long as before,
// and files of version 6, which had none, are read.
func TestRecordingTorques(t *testing.T) {
	m, x := ballOnGround(t, 0.5, contact.Surface{Torsion: 0.003, Rolling: 0.002}, true)
	x.V[0], x.V[3], x.V[5] = 0.3, 0.2, 0.5
	s := m.NewStepper(sim.Options{})
	tr, err := s.Rollout(x, 20, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := s.Record(tr, 0)
	got, err := sim.LoadRecording(bytes.NewReader(saveRecording(t, r)))
	if err != nil || !reflect.DeepEqual(got.Contacts, r.Contacts) || math.Abs(got.Contacts[9][0].Torque.Z) < 1e-3 {
		t.Errorf("%+v came back as %+v, %v", r.Contacts[9], got.Contacts[9], err)
	}
	r.Contacts[9][0].Torque.Y = math.NaN()
	if r.Save(&bytes.Buffer{}) == nil {
		t.Error("a torque that is NaN was saved")
	}

	plain := record(t, crowd(t), 30)
	b := saveRecording(t, plain)
	if bytes.Contains(b, []byte(`"torques"`)) {
		t.Error("torques of contacts that have none")
	}
	binary.LittleEndian.PutUint32(b[8:], 6)
	if got, err := sim.LoadRecording(bytes.NewReader(reseal(b))); err != nil || !reflect.DeepEqual(got.Contacts, plain.Contacts) {
		t.Errorf("version 6: %v", err)
	}
}

// TestRecordingColumns fails when Result or Contact gains a field that recordings would drop.
func TestRecordingColumns(t *testing.T) {
	if n := reflect.TypeFor[sim.Contact]().NumField(); n != 10 {
		t.Errorf("Contact has %d fields, recordings hold 10: write the others, raise the version", n)
	}
	if n := reflect.TypeFor[sim.Result]().NumField(); n != 8 {
		t.Errorf("Result has %d fields, recordings hold 8: write the others, raise the version", n)
	}
}
