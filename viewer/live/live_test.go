//go:build !js

package live

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

func zoo(t testing.TB, name string) (*sim.Model, sim.State) {
	t.Helper()
	m, start, err := models.Load(name, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m, start
}

// page is the other end: what a browser does, without the pictures.
type page struct {
	t   *testing.T
	c   *websocket.Conn
	ctx context.Context

	texts []string // so far
}

// row is a message of the server.
type row struct {
	time, speed, kappa, timestep       float64
	playing, failed, gravity, friction bool
	response                           []float64
	x                                  []float64 // columns
}

// serve serves a model of the zoo. The page is dropped early when it does not listen.
func serve(t *testing.T, name string, opt Options) (*httptest.Server, *sim.Model) {
	t.Helper()
	m, start := zoo(t, name)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	h, err := Handler(ctx, m, start, opt)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s, m
}

func dial(t *testing.T, s *httptest.Server) *page {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	c, _, err := websocket.Dial(ctx, s.URL+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	return &page{t: t, c: c, ctx: ctx}
}

func (p *page) send(v any) {
	p.t.Helper()
	data, err := json.Marshal(v)
	if err == nil {
		err = p.c.Write(p.ctx, websocket.MessageText, data)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) read() row {
	p.t.Helper()
	for {
		kind, data, err := p.c.Read(p.ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		if kind == websocket.MessageText {
			p.texts = append(p.texts, string(data))
			continue
		}
		var x []float64
		for i := 0; i+4 <= len(data); i += 4 {
			x = append(x, float64(math.Float32frombits(binary.LittleEndian.Uint32(data[i:]))))
		}
		return row{time: x[0], playing: x[1] > 0, speed: x[2], kappa: x[3], failed: x[4] > 0, timestep: x[5], response: x[11:20], gravity: x[6] > 0, friction: x[7] > 0, x: x[head:]}
	}
}

// until reads rows until one is as wanted.
func (p *page) until(what string, ok func(row) bool) row {
	p.t.Helper()
	for {
		r := p.read() // ends by the time limit of the page
		if ok(r) {
			return r
		}
		if p.ctx.Err() != nil {
			p.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func near(a, b, tol float64) bool { return math.Abs(a-b) <= tol }

// TestSession plays, pauses, steps, resets and changes κ as a page would.
func TestSession(t *testing.T) {
	s, m := serve(t, "quadruped", Options{})
	p := dial(t, s)
	p.until("the simulation to run", func(r row) bool { return r.playing && r.time > 0.1 })
	p.send(command{Do: "pause"})
	paused := p.until("the pause", func(r row) bool { return !r.playing })
	p.send(command{Do: "step", Count: 3})
	r := p.until("three steps", func(r row) bool { return r.time > paused.time })
	if want := paused.time + 3*m.Timestep(); !near(r.time, want, 1e-5) {
		t.Errorf("time after three steps is %g s, want %g s", r.time, want)
	}
	kappa := 1e-3
	p.send(command{Kappa: &kappa})
	p.until("the new κ", func(r row) bool { return near(r.kappa, kappa, 1e-9) })
	p.send(command{Do: "step"})
	p.until("a step with it", func(r row) bool { return r.time > 0 && near(r.x[7*len(m.Bodies())+8], kappa, 1e-9) })
	p.send(command{Do: "reset"})
	r = p.until("the start", func(r row) bool { return r.time == 0 })
	if _, start := zoo(t, "quadruped"); !near(r.x[2], start.Q[2], 1e-6) {
		t.Errorf("the trunk starts at %g m, want %g m", r.x[2], start.Q[2])
	}
	for _, k := range []float64{-1, math.MaxFloat64} { // a page that sends nonsense
		p.send(command{Kappa: &k, Grab: &grab{Body: 99}, Push: &shove{Body: -3, Seconds: 1}})
	}
	if err := p.c.Write(p.ctx, websocket.MessageText, []byte("{nonsense")); err != nil {
		t.Fatal(err)
	}
	p.send(command{Do: "play"})
	p.until("the simulation to survive nonsense", func(r row) bool { return r.time > 0.05 && near(r.kappa, kappa, 1e-9) })
}

// TestRowsCarryContacts: behind the columns a row has seven numbers of as many contacts as there are, in the air none.
func TestRowsCarryContacts(t *testing.T) {
	s, m := serve(t, "block", Options{Paused: true})
	p := dial(t, s)
	const columns = 7 + 10 + 2 // of one body, signals, force and torque of its joint
	if r := p.read(); len(r.x) != columns {
		t.Fatalf("%d numbers at the start, want %d", len(r.x), columns)
	}
	for range 3 { // 100 steps at most at a time
		p.send(command{Do: "step", Count: 100})
	}
	r := p.until("the block to lie", func(r row) bool { return r.time > 299.5*m.Timestep() })
	if len(r.x) != columns+4*7 {
		t.Fatalf("%d numbers where the block lies on four corners, want %d", len(r.x), columns+4*7)
	}
	sum := 0.0
	for c := r.x[columns:]; len(c) > 0; c = c[7:] {
		sum += c[5]
	}
	if want := 9.81 * m.TotalMass(); !near(sum, want, 1e-3*want) {
		t.Errorf("the corners carry %g N, want %g N", sum, want)
	}
}

// TestPushAndPull checks that hands move bodies: a push gives the momentum F t, a pull leads to its target.
func TestPushAndPull(t *testing.T) {
	s, m := serve(t, "block", Options{Paused: true})
	p := dial(t, s)
	p.read()
	steps := func(n int) row {
		p.send(command{Do: "step", Count: n})
		return p.until("steps", func(r row) bool { return !r.playing })
	}
	mass, h := m.TotalMass(), m.Timestep()
	// the block is in the air for the first steps: compare with the same flight without the push
	free := steps(10)
	p.send(command{Do: "reset"})
	p.until("the start", func(r row) bool { return r.time == 0 })
	p.send(command{Push: &shove{Body: 0, Force: [3]float64{0, 20, 0}, Seconds: 5 * h}})
	p.until("the push", func(r row) bool { return true })
	pushed := steps(10)
	// Δy = a t (t/2 + the 5 steps after)
	a, tp := 20/mass, 5*h
	if got, want := pushed.x[1]-free.x[1], a*tp*tp/2+a*tp*5*h; !near(got, want, 0.1*want) {
		t.Errorf("the push moved the block by %g m, want about %g m", got, want)
	}

	target := [3]float64{0.5, -0.5, 1.5}
	p.send(command{Grab: &grab{Body: 0, Target: target}})
	p.until("the grab", func(r row) bool { return true })
	for range 4 {
		pushed = steps(100)
	}
	// a spring carries the weight with g/stiffness of stretch
	for k, want := range []float64{target[0], target[1], target[2] - 9.81/stiffness} {
		if !near(pushed.x[k], want, 0.03) {
			t.Errorf("axis %d: the block hangs at %g m, want %g m", k, pushed.x[k], want)
		}
	}
	p.send(command{Release: true})
	p.until("the release", func(r row) bool { return true })
	for range 3 {
		pushed = steps(100)
	}
	if z := pushed.x[2]; z > 0.5 {
		t.Errorf("the block was released but is %g m up", z)
	}
}

// TestStrangers checks that pages from elsewhere get nothing.
func TestStrangers(t *testing.T) {
	s, _ := serve(t, "sphere", Options{Paused: true})
	r, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	r.Host = "evil.example"
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a request for another host gets %s", res.Status)
	}
	_, _, err = websocket.Dial(context.Background(), s.URL+"/live", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://evil.example"}}})
	if err == nil {
		t.Error("a websocket from another page is accepted")
	}
	res, err = http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), `"live":true`) {
		t.Error("the page is not a live page")
	}
	m, start := zoo(t, "sphere")
	for _, a := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "nonsense"} {
		if err := Serve(context.Background(), a, m, start, Options{}); err == nil || !strings.Contains(err.Error(), "address") {
			t.Errorf("address %q: %v", a, err)
		}
	}
}

// TestServe opens the page by its real address and ends it.
func TestServe(t *testing.T) {
	m, start := zoo(t, "sphere")
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- Serve(ctx, "127.0.0.1:0", m, start, Options{Ready: func(u string) { ready <- u }}) }()
	res, err := http.Get(<-ready)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %s", res.Status)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
