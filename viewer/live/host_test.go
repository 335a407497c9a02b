//go:build !js

package live

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestHeaders: the page may run its own scripts and no others, is not guessed to be something else, and not shown inside another page.
func TestHeaders(t *testing.T) {
	s, _ := serve(t, "sphere", Options{})
	for _, path := range []string{"/", "/nowhere"} {
		r, err := http.Get(s.URL + path)
		must(t, err)
		r.Body.Close()
		policy := r.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %q", path, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, r.Header)
		}
	}
}

// TestWaitsForItsFirstViewer: who opens the page late misses nothing.
func TestWaitsForItsFirstViewer(t *testing.T) {
	s, m := serve(t, "sphere", Options{})
	time.Sleep(300 * time.Millisecond)
	if r := dial(t, s).read(); r.time > 5*m.Timestep() {
		t.Errorf("the first viewer comes at %g s", r.time)
	}
}

// TestBounds: a page that asks too often waits, one that sends too much is cut off.
func TestBounds(t *testing.T) {
	s, m := serve(t, "sphere", Options{Paused: true})
	p := dial(t, s)
	const n = 200
	began := time.Now()
	for range n {
		p.send(command{Do: "step"})
	}
	p.until("all steps", func(r row) bool { return r.time > (n-0.5)*m.Timestep() })
	if took := time.Since(began); took < time.Second*(n-2)/mostOften {
		t.Errorf("%d messages were answered in %v", n, took)
	}
	_ = p.c.Write(p.ctx, websocket.MessageText, bytes.Repeat([]byte(" "), mostBytes+1))
	for {
		_, _, err := p.c.Read(p.ctx)
		if p.ctx.Err() != nil {
			t.Error("a page that sends 4 MB stays")
		}
		if err != nil {
			break
		}
	}
}

// TestDropsWhoDoesNotListen: rows for a page that is gone, or stuck, do not heap up.
func TestDropsWhoDoesNotListen(t *testing.T) {
	m, start := zoo(t, "block")
	session, err := NewSession(m, start, Options{})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := &host{s: session, tick: 10 * time.Millisecond, first: make(chan struct{}), patience: 200 * time.Millisecond}
	s := httptest.NewServer(h.handler(ctx, nil))
	defer s.Close()

	good := dial(t, s) // answers to pings whenever it reads
	for end := time.Now().Add(5 * h.patience); time.Now().Before(end); {
		good.read()
	}
	bad := dial(t, s)
	time.Sleep(5 * h.patience)
	for {
		if _, _, err := bad.c.Read(bad.ctx); errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("a page that did not listen is still told")
		} else if err != nil {
			break
		}
	}
}

// TestOpen: a page may ask for another robot where the host has some, with the κ it chose; a refusal is said.
func TestOpen(t *testing.T) {
	refusal := errors.New("no such robot")
	s, _ := serve(t, "block", Options{Open: func(name string, text []byte) (*Robot, error) {
		if name != "sphere" {
			return nil, refusal
		}
		m, start := zoo(t, name)
		return &Robot{Title: string(text), Model: m, Start: start, Notes: []string{"a", "b", "c", "d", "e"}}, nil
	}})
	p := dial(t, s)
	kappa := 1e-3
	p.send(command{Kappa: &kappa})
	p.send(command{Open: &opening{Name: "nobody"}})
	p.send(command{Open: &opening{Name: "sphere", Text: "</script>"}})
	said := func(what string) bool { return strings.Contains(strings.Join(p.texts, "\n"), what) }
	r := p.until("the other robot", func(row) bool { return said(`"title":"\u003c/script`) && said("and 1 more") })
	if !near(r.kappa, kappa, 1e-9) {
		t.Errorf("κ is %g, want %g", r.kappa, kappa)
	}
	p.send(command{Set: map[string]float64{"timestep": 0.002, "gravity.z": 3}, Do: "pause"})
	p.until("the shorter step", func(r row) bool { return near(r.timestep, 0.002, 1e-8) })
	p.send(command{Set: map[string]float64{"nothing": 1}})
	p.until("the refusal", func(row) bool { return said(`no parameter`) })
	if said(`<`) {
		t.Error("a name came as it was")
	}
}
