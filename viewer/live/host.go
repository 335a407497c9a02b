//go:build !js

package live

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// host keeps a session in time with the clock, and tells pages about it.
type host struct {
	s     *Session
	tick  time.Duration
	once  sync.Once
	first chan struct{} // closed when somebody looks
	files *files        // nil: none are wanted

	patience time.Duration // until a page that does not listen is dropped
}

// What a page may ask for: more than any hand needs, less than what hurts.
const (
	mostBytes = 4 << 20 // of a message: a robot file
	mostOften = 200     // messages a second that are read, the rest waits at the page
)

// run begins when the first page looks: nobody wants to come when all is over.
func (h *host) run(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-h.first:
	}
	t := time.NewTicker(h.tick)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			h.s.Advance(min(now.Sub(last), 4*h.tick)) // a computer that slept does not catch up
			last = now
		}
	}
}

// serve talks to one page until it leaves, or is dropped because it does not listen.
func (h *host) serve(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil) // refuses pages from other hosts
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h.once.Do(func() { close(h.first) })
	go func() {
		defer cancel()
		h.listen(ctx, c)
	}()
	go func() {
		defer cancel()
		h.alive(ctx, c)
	}()
	v := h.s.NewViewer()
	t := time.NewTicker(h.tick)
	defer t.Stop()
	for {
		if err := h.tell(ctx, c, v); err != nil {
			return
		}
		select {
		case <-ctx.Done():
			_ = c.Close(websocket.StatusGoingAway, "the simulation has ended")
			return
		case <-t.C:
		}
	}
}

// listen carries out what a page asks for.
func (h *host) listen(ctx context.Context, c *websocket.Conn) {
	c.SetReadLimit(mostBytes)
	t := time.NewTicker(time.Second / mostOften)
	defer t.Stop()
	for {
		_, data, err := c.Read(ctx)
		if err != nil {
			return
		}
		h.s.Do(data)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// alive returns when the page has not answered for too long. What is written to it would tell only when all buffers on the
// way are full.
func (h *host) alive(ctx context.Context, c *websocket.Conn) {
	for ctx.Err() == nil {
		wait, cancel := context.WithTimeout(ctx, h.patience)
		err := c.Ping(wait)
		cancel()
		if err != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(h.patience / 2):
		}
	}
}

// tell sends what the page does not know yet.
func (h *host) tell(ctx context.Context, c *websocket.Conn, v *Viewer) error {
	texts, row := v.Next()
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	for _, t := range texts {
		if err := c.Write(ctx, websocket.MessageText, t); err != nil {
			return err
		}
	}
	if len(row) == 0 {
		return nil
	}
	return c.Write(ctx, websocket.MessageBinary, row)
}
