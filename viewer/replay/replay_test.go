package replay

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// film simulates a model of the zoo.
func film(t testing.TB, name string, seconds float64, opt Options) *Film {
	t.Helper()
	m, s, err := models.Load(name, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, st := NewFilm(m, opt), m.NewStepper(sim.Options{})
	f.Start(st, s)
	for range int(math.Round(seconds / m.Timestep())) {
		res, err := st.Step(&s, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		f.Add(st, s, res)
	}
	return f
}

// TestSize holds pages to the size that can be sent around: 10 s of the quadruped at 100 Hz in half a megabyte.
func TestSize(t *testing.T) {
	for _, fps := range []float64{50, 100} {
		f := film(t, "quadruped", 10, Options{FPS: fps})
		var b bytes.Buffer
		if err := f.WriteHTML(&b); err != nil {
			t.Fatal(err)
		}
		t.Logf("10 s at %g Hz: %d frames, %.0f kB", fps, f.Frames(), float64(b.Len())/1e3)
		if want := int(10*fps) + 1; f.Frames() != want {
			t.Errorf("%d frames, want %d", f.Frames(), want)
		}
		if b.Len() > 5e5 {
			t.Errorf("the page has %d bytes, want at most 0.5 MB", b.Len())
		}
	}
}

// readChannels is what data.js does.
func readChannels(data []byte, count, length int) [][]float64 {
	out := make([][]float64, count)
	planes := data[16*count:]
	n := count * length
	for c := range out {
		low := math.Float64frombits(binary.LittleEndian.Uint64(data[16*c:]))
		step := math.Float64frombits(binary.LittleEndian.Uint64(data[16*c+8:]))
		q := uint16(0)
		for i := range length {
			k := c*length + i
			q += uint16(planes[k]) | uint16(planes[n+k])<<8
			out[c] = append(out[c], low+step*float64(q))
		}
	}
	return out
}

// TestChannels checks that what was stored comes back within half a step of each channel's range.
func TestChannels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 300
	ch := make([][]float64, 5)
	for i := range n {
		x := float64(i) / n
		ch[0] = append(ch[0], math.Sin(9*x))
		ch[1] = append(ch[1], 1e6*r.NormFloat64()) // jumps over the whole range: differences wrap around
		ch[2] = append(ch[2], 42)                  // constant: exact
		ch[3] = append(ch[3], -1e-9*x)
		ch[4] = append(ch[4], float64(i%2)) // the two ends of the range: exact
	}
	data, err := appendChannels(nil, ch)
	if err != nil {
		t.Fatal(err)
	}
	for c, got := range readChannels(data, len(ch), n) {
		tol := (slices.Max(ch[c]) - slices.Min(ch[c])) / math.MaxUint16 * 0.5000001
		for i, x := range got {
			if math.Abs(x-ch[c][i]) > tol {
				t.Fatalf("channel %d, number %d: %g, want %g within %g", c, i, x, ch[c][i], tol)
			}
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		if _, err := appendChannels(nil, [][]float64{{0, bad}}); err == nil {
			t.Errorf("%g was stored", bad)
		}
	}
}

// TestPoses checks what quantization does to a robot: no body of a falling quadruped moves by more than a
// tenth of a millimeter or turns by more than a tenth of a milliradian.
func TestPoses(t *testing.T) {
	f := film(t, "quadruped", 2, Options{})
	ch := f.columns()[:7*len(f.probe.poses)]
	data, err := appendChannels(nil, ch)
	if err != nil {
		t.Fatal(err)
	}
	for c, got := range readChannels(data, len(ch), f.Frames()) {
		for i, x := range got {
			if d := math.Abs(x - ch[c][i]); d > 5e-5 {
				t.Fatalf("column %d of body %d is off by %g in frame %d", c%7, c/7, d, i)
			}
		}
	}
}

// TestFromTrajectory checks that a film of a recorded trajectory is the film of the simulation.
func TestFromTrajectory(t *testing.T) {
	m, start, err := models.Load("block", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	traj, err := m.NewStepper(sim.Options{}).Rollout(start, 150, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := FromTrajectory(m, traj, sim.Options{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := film(t, "block", 1.5, Options{}).WriteHTML(&a); err != nil {
		t.Fatal(err)
	}
	if err := g.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the pages differ")
	}
	var saved, c bytes.Buffer
	if err := m.NewStepper(sim.Options{}).Record(traj, 0).Save(&saved); err != nil {
		t.Fatal(err)
	}
	rec, err := sim.LoadRecording(&saved)
	if err != nil {
		t.Fatal(err)
	}
	if g, err = FromRecording(m, rec, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := g.WriteHTML(&c); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), c.Bytes()) {
		t.Error("the page of the saved and loaded recording differs")
	}
	// one that does not know its contacts is stepped through once more, one that does is believed
	b.Reset()
	traj.Contacts = nil
	if g, err = FromTrajectory(m, traj, sim.Options{}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := g.WriteHTML(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("the page of steps taken once more differs, %v", err)
	}
	traj.Contacts = make([][]sim.Contact, len(traj.Inputs))
	traj.Contacts[149] = []sim.Contact{{ID: sim.ContactID{Pair: sim.Pair{B: -1}}, Force: r3.Vec{Z: 99}}}
	if g, err = FromTrajectory(m, traj, sim.Options{}, Options{}); err != nil {
		t.Fatal(err)
	}
	if frames, x := g.contacts(); len(frames) != 1 || int(frames[0]) != g.Frames()-1 || x[5][0] != 99 {
		t.Errorf("recorded contacts are shown in frames %v with %v", frames, x)
	}
	if _, err := FromTrajectory(m, &sim.Trajectory{}, sim.Options{}, Options{}); err == nil {
		t.Error("an empty trajectory makes a film")
	}
	if err := NewFilm(m, Options{}).WriteHTML(&b); err == nil {
		t.Error("an empty film makes a page")
	}
}

// TestPageIsOneFile checks that a page asks for nothing from elsewhere and that no name can break it.
func TestPageIsOneFile(t *testing.T) {
	f := film(t, "sphere", 0.1, Options{Title: "</script><script>alert(1)</script>"})
	var b bytes.Buffer
	if err := f.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if n := strings.Count(page, "</script>"); n != 3 {
		t.Errorf("%d scripts end in the page, want 3", n)
	}
	for _, s := range []string{"src=", "@import", "url(", "alert(1)</"} {
		if strings.Contains(page, s) {
			t.Errorf("the page contains %q", s)
		}
	}
	for _, s := range []string{"MIT License", "three.js authors"} {
		if !strings.Contains(page, s) {
			t.Errorf("the page does not contain %q", s)
		}
	}
}

// TestRowSaysWhatIsKnown: numbers of what is known, no made-up zeros for the rest.
func TestRowSaysWhatIsKnown(t *testing.T) {
	m, start, err := models.Load("quadruped", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := NewProbe(scene.FromModel(m, scene.FigureOptions{}))
	var now scene.Moment
	now.Set(0, start)
	value := func(row []float64, name string) float64 {
		at := slices.IndexFunc(signals, func(s Signal) bool { return s.Name == name })
		return row[7*m.NB()+at]
	}
	row := p.Row(nil, &now)
	if len(row) != p.Columns() || row[2] != start.Q[2] {
		t.Fatalf("%d numbers, want %d; the trunk is at %g m", len(row), p.Columns(), row[2])
	}
	for _, s := range signals[1:] { // all but the height, which the state says
		if v := value(row, s.Name); !math.IsNaN(v) {
			t.Errorf("%s is %g where nothing is known", s.Name, v)
		}
	}
	now.Known = scene.KnownContacts | scene.KnownEnergy | scene.KnownResult
	up := r3.Vec{Z: 1}
	now.Contacts = []sim.Contact{{BodyB: -1, Normal: up, Force: r3.Vec{X: 3, Y: 4, Z: 12}, Point: r3.Vec{X: 7}}, {Normal: up, Gap: 1}, {BodyB: 1, Normal: up, Force: r3.Vec{X: -1, Z: 5}}}
	now.Energy = sim.Energy{Kinetic: 1, Gravity: 2, Spring: 4}
	now.Result, now.Kappa = sim.Result{Iterations: 8, Residual: 1e-9}, 1e-4
	for range m.NU() {
		now.Drives = append(now.Drives, 2)
	}
	for range m.NB() {
		now.Wrenches = append(now.Wrenches, sim.Wrench{Force: r3.Vec{X: 3, Y: 4}, Torque: r3.Vec{Z: -6}})
	}
	all := signalsOf(m)
	force := func(row []float64, name string) float64 {
		return row[7*m.NB()+slices.IndexFunc(all, func(s Signal) bool { return s.Name == name })]
	}
	if row = p.Row(row[:0], &now); !math.IsNaN(force(row, "tau.FL_hip_joint")) {
		t.Error("forces of drives are shown that are not known")
	}
	now.Known |= scene.KnownForces
	row = p.Row(row[:0], &now)
	if tau, f, n := force(row, "tau.FL_hip_joint"), force(row, "force.RR_calf_joint"), force(row, "torque.RR_calf_joint"); tau != 2 || f != 5 || n != 6 || len(row) != p.Columns() {
		t.Errorf("drive %g, joint %g N, %g N m, want 2, 5, 6", tau, f, n)
	}
	for name, want := range map[string]float64{
		"kinetic": 1, "potential": 6, "total": 7, "energy": 7, "normal": 17, "friction": 6, "iterations": 8, "κ": 1e-4, "residual": 1e-9,
	} {
		if got := value(row, name); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
	if got := p.Contacts(nil, &now); !slices.Equal(got, []float64{7, 0, 0, 3, 4, 12, 0, 0, 0, 0, -1, 0, 5, 1}) {
		t.Errorf("the contacts are %v", got)
	}
}

// TestFilmKeepsContacts of every frame, however many there are, one contact after the other.
func TestFilmKeepsContacts(t *testing.T) {
	m, start, err := models.Load("block", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, at := NewFilm(m, Options{}), func(feature int, x float64) sim.Contact {
		return sim.Contact{ID: sim.ContactID{Pair: sim.Pair{B: -1}, Feature: feature}, Point: r3.Vec{X: x}, Force: r3.Vec{Z: 10 * x}}
	}
	for k, l := range [][]sim.Contact{nil, {at(5, 1), at(2, 2)}, {at(0, 1e-9)}, {at(2, 3), at(5, 4), at(7, 5)}} {
		if err := f.AddMoment(&scene.Moment{Time: float64(k), State: start, Known: scene.KnownContacts, Contacts: l}); err != nil {
			t.Fatal(err)
		}
	}
	frames, x := f.contacts()
	if !slices.Equal(frames, []uint32{1, 3, 1, 3, 3}) || !slices.Equal(x[0], []float64{2, 3, 1, 4, 5}) || !slices.Equal(x[5], []float64{20, 30, 10, 40, 50}) {
		t.Errorf("frames %v, channels %v", frames, x)
	}
}

// TestFramesGoForward: a film is shown by the time of its frames.
func TestFramesGoForward(t *testing.T) {
	m, start, err := models.Load("block", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := NewFilm(m, Options{})
	now := scene.Moment{Time: 1, State: start}
	if err := f.AddMoment(&now); err != nil {
		t.Fatal(err)
	}
	for _, at := range []float64{1, 0.5, math.NaN()} {
		if now.Time = at; f.AddMoment(&now) == nil {
			t.Errorf("a frame at %g s after one at 1 s was taken", at)
		}
	}
	if now.Time = 1.5; f.AddMoment(&now) != nil || f.Frames() != 2 {
		t.Errorf("%d frames", f.Frames())
	}
}

// TestNothingMoves: the page of a bolted table is one like any other; its weight of zero made numbers that JSON has not.
func TestNothingMoves(t *testing.T) {
	b := sim.NewBuilder("table")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	top := b.AddLink("top", sim.BoxInertia(9, r3.Vec{X: 1, Y: 1, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: top})
	b.AddCollider(sim.Collider{Link: top, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1})})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	tr, err := m.NewStepper(sim.Options{}).Rollout(m.NewState(), 5, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := FromTrajectory(m, tr, sim.Options{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page); err != nil || page.Len() < 1000 {
		t.Errorf("%d bytes, %v", page.Len(), err)
	}
}

// TestHashes: a page may run what is in it. Where this fails, run go generate (and web/build.sh where scripts changed).
func TestHashes(t *testing.T) {
	viewer, err := io.ReadAll(flate.NewReader(bytes.NewReader(viewerJS)))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, b := range [][]byte{[]byte(unpack), viewer, styleCSS} {
		h := sha256.Sum256(b)
		want = append(want, "'sha256-"+base64.StdEncoding.EncodeToString(h[:])+"'")
	}
	if got := strings.Fields(hashes); !slices.Equal(got, want) {
		t.Errorf("web/hashes.txt has %q, want %q", got, want)
	}
}
