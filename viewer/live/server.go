//go:build !js

package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Serve simulates m from start and shows it on a page at a loopback address, such as "127.0.0.1:8080" or
// "127.0.0.1:0" for a free port, until ctx is done. It refuses other addresses.
func Serve(ctx context.Context, address string, m *sim.Model, start sim.State, opt Options) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("live: address %q: %w", address, err)
	}
	if !loopback(host) {
		return fmt.Errorf("live: address %q is not on this computer alone; want 127.0.0.1, [::1] or localhost", address)
	}
	h, err := Handler(ctx, m, start, opt)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if opt.Ready != nil {
		opt.Ready("http://" + l.Addr().String() + "/")
	}
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Handler returns a handler of the page and its websocket; the simulation runs until ctx is done.
func Handler(ctx context.Context, m *sim.Model, start sim.State, opt Options) (http.Handler, error) {
	if err := m.CheckState(start); err != nil {
		return nil, err
	}
	if opt.Title == "" {
		opt.Title = m.Name()
	}
	if !(opt.FPS > 0) {
		opt.FPS = 50
	}
	f := scene.FromModel(m, opt.Figure)
	var page bytes.Buffer
	if err := replay.WriteLive(&page, f, opt.Title, start.Q); err != nil {
		return nil, err
	}
	s := newSession(m, start, f, &opt)
	tick := time.Duration(float64(time.Second) / opt.FPS)
	go s.run(ctx, tick)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(page.Bytes()) // a page that goes away is not our business
	})
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) { s.serve(ctx, w, r, tick) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A page of the web may let its own name point here; its requests then carry that name.
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !loopback(host) {
			http.Error(w, "this page is for its own computer", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	}), nil
}

// run keeps the simulation in time with the clock.
func (s *session) run(ctx context.Context, tick time.Duration) {
	t := time.NewTicker(tick)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			s.advance(min(now.Sub(last), 4*tick)) // a computer that slept does not catch up
			last = now
		}
	}
}

// serve talks to one page.
func (s *session) serve(ctx context.Context, w http.ResponseWriter, r *http.Request, tick time.Duration) {
	c, err := websocket.Accept(w, r, nil) // refuses pages from other hosts
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		c.SetReadLimit(4096)
		for {
			_, data, err := c.Read(ctx)
			if err != nil {
				return
			}
			var cmd command
			if json.Unmarshal(data, &cmd) == nil {
				s.do(&cmd)
			}
		}
	}()
	t := time.NewTicker(tick)
	defer t.Stop()
	var buf []byte
	sent, said := -1, ""
	for {
		if s.changed(sent) {
			var failure error
			buf, sent, failure = s.message(buf)
			if err := c.Write(ctx, websocket.MessageBinary, buf); err != nil {
				return
			}
			text := ""
			if failure != nil {
				text = failure.Error()
			}
			if text != said {
				said = text
				note, _ := json.Marshal(map[string]string{"error": text}) // a map of strings always works
				if err := c.Write(ctx, websocket.MessageText, note); err != nil {
					return
				}
			}
		}
		select {
		case <-ctx.Done():
			_ = c.Close(websocket.StatusGoingAway, "the simulation has ended")
			return
		case <-t.C:
		}
	}
}
