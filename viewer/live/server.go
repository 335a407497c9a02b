//go:build !js

package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/replay"
)

// Serve simulates m from start and shows it on a page at a loopback address, such as "127.0.0.1:8080" or
// "127.0.0.1:0" for a free port, or at a port such as "8080", until ctx is done. It refuses other addresses.
func Serve(ctx context.Context, address string, m *sim.Model, start sim.State, opt Options) error {
	if _, err := strconv.ParseUint(address, 10, 16); err == nil {
		address = "127.0.0.1:" + address
	}
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
	if opt.Title == "" {
		opt.Title = m.Name()
	}
	if !(opt.FPS > 0) {
		opt.FPS = 50
	}
	s, err := NewSession(m, start, opt)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := replay.WriteLive(&page, opt.Title); err != nil {
		return nil, err
	}
	h := &host{s: s, tick: time.Duration(float64(time.Second) / opt.FPS), first: make(chan struct{}), patience: 10 * time.Second}
	if opt.Folder != "" {
		h.files = &files{folder: opt.Folder, left: mostFiles}
	}
	return h.handler(ctx, page.Bytes()), nil
}

// handler answers with the page and by its websocket, and starts the simulation.
func (h *host) handler(ctx context.Context, page []byte) http.Handler {
	go h.run(ctx)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(page) // a page that goes away is not our business
	})
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) { h.serve(ctx, w, r) })
	if h.files != nil {
		mux.HandleFunc("PUT /files/{path...}", h.files.put)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", replay.Policy()+"; frame-ancestors 'none'")
		w.Header().Set("Referrer-Policy", "no-referrer")
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
	})
}
