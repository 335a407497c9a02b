// Package chromium drives a headless Chromium over its DevTools protocol: just enough for tests to open a
// page, click, evaluate, take a picture and collect what the console complained about. (The usual libraries
// for it generate bindings of the whole protocol, a hundred times this file.)
package chromium

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// ErrMissing says that there is no Chromium on this machine.
var ErrMissing = errors.New("chromium: not found; install it (Debian: apt-get install chromium) to run this test")

// Page is an open page.
type Page struct {
	cmd    *exec.Cmd
	dir    string
	conn   *websocket.Conn
	ctx    context.Context
	cancel context.CancelFunc

	mu       sync.Mutex
	session  string
	id       int
	waiting  map[int]chan reply
	problems []string
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// Find returns the path of the browser, or ErrMissing.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", ErrMissing
}

// Open starts a browser with an empty page of the given size; everything must be done within the time limit.
func Open(width, height int, limit time.Duration) (*Page, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "chromium")
	if err != nil {
		return nil, err
	}
	p := &Page{dir: dir, waiting: map[int]chan reply{}}
	p.ctx, p.cancel = context.WithTimeout(context.Background(), limit)
	p.cmd = exec.CommandContext(p.ctx, path, "--headless=new", "--no-sandbox", "--remote-debugging-port=0",
		"--user-data-dir="+dir, "--no-first-run", "--hide-scrollbars", "--enable-unsafe-swiftshader",
		fmt.Sprintf("--window-size=%d,%d", width, height), "about:blank")
	p.cmd.WaitDelay = time.Second
	if err := p.start(width, height); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Page) start(width, height int) error {
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	address := ""
	lines := bufio.NewScanner(out)
	for address == "" && lines.Scan() {
		if _, a, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
			address = a
		}
	}
	if address == "" {
		return errors.New("chromium: it did not start")
	}
	go func() {
		for lines.Scan() { // or the pipe fills and the browser stops
		}
	}()
	if p.conn, _, err = websocket.Dial(p.ctx, address, nil); err != nil {
		return err
	}
	p.conn.SetReadLimit(-1)
	go p.read()
	var target struct{ TargetID string }
	if err := p.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var attached struct{ SessionID string }
	if err := p.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		return err
	}
	p.mu.Lock()
	p.session = attached.SessionID
	p.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		if err := p.call(domain+".enable", nil, nil); err != nil {
			return err
		}
	}
	return p.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
	}, nil)
}

// read hands replies to their callers and remembers problems.
func (p *Page) read() {
	for {
		_, data, err := p.conn.Read(p.ctx)
		if err != nil {
			p.mu.Lock()
			for _, c := range p.waiting {
				close(c)
			}
			p.waiting = nil
			p.mu.Unlock()
			return
		}
		var m struct {
			ID     int
			Method string
			Params json.RawMessage
			reply
		}
		if json.Unmarshal(data, &m) != nil {
			continue
		}
		p.mu.Lock()
		if c := p.waiting[m.ID]; c != nil {
			delete(p.waiting, m.ID)
			c <- m.reply
		}
		p.notice(m.Method, m.Params)
		p.mu.Unlock()
	}
}

// notice remembers exceptions, errors and warnings of the page. What drivers say about speed is none.
func (p *Page) notice(method string, params json.RawMessage) {
	var m struct {
		Type             string
		Args             []struct{ Value, Description any }
		Entry            struct{ Level, Text string }
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	_ = json.Unmarshal(params, &m)
	switch {
	case method == "Runtime.exceptionThrown":
		p.problems = append(p.problems, m.ExceptionDetails.Text+" "+m.ExceptionDetails.Exception.Description)
	case method == "Runtime.consoleAPICalled" && (m.Type == "error" || m.Type == "warning"):
		p.problems = append(p.problems, fmt.Sprint(m.Args))
	case method == "Log.entryAdded" && (m.Entry.Level == "error" || m.Entry.Level == "warning"):
		if !strings.Contains(m.Entry.Text, "GL Driver Message") && !strings.Contains(m.Entry.Text, "SwiftShader") {
			p.problems = append(p.problems, m.Entry.Text)
		}
	}
}

func (p *Page) call(method string, params, result any) error {
	p.mu.Lock()
	if p.waiting == nil {
		p.mu.Unlock()
		return fmt.Errorf("chromium: %s: the browser has gone", method)
	}
	p.id++
	c := make(chan reply, 1)
	p.waiting[p.id] = c
	msg := map[string]any{"id": p.id, "method": method}
	if params != nil {
		msg["params"] = params
	}
	if p.session != "" {
		msg["sessionId"] = p.session
	}
	p.mu.Unlock()
	data, err := json.Marshal(msg)
	if err != nil {
		return err
	}
	if err := p.conn.Write(p.ctx, websocket.MessageText, data); err != nil {
		return err
	}
	r, ok := <-c
	switch {
	case !ok:
		return fmt.Errorf("chromium: %s: the browser has gone (%v)", method, p.ctx.Err())
	case r.Error != nil:
		return fmt.Errorf("chromium: %s: %s", method, r.Error.Message)
	case result != nil:
		return json.Unmarshal(r.Result, result)
	}
	return nil
}

// Go opens an address and waits until the expression is true.
func (p *Page) Go(url, ready string) error {
	if err := p.call("Page.navigate", map[string]any{"url": url}, nil); err != nil {
		return err
	}
	return p.Wait(ready)
}

// Wait waits until the expression is true.
func (p *Page) Wait(expression string) error {
	for {
		ok := false
		if err := p.Eval("Boolean("+expression+")", &ok); err == nil && ok {
			return nil
		}
		select {
		case <-p.ctx.Done():
			return fmt.Errorf("chromium: waited in vain for %s; problems: %q", expression, p.Problems())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Eval stores the value of a JavaScript expression in result, which may be nil. Promises are awaited.
func (p *Page) Eval(expression string, result any) error {
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := p.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if err != nil {
		return err
	}
	if e := r.ExceptionDetails; e != nil {
		return fmt.Errorf("chromium: %s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if result == nil || len(r.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(r.Result.Value, result)
}

// Mouse sends a mouse event: mousePressed, mouseMoved or mouseReleased with the left button; modifiers 2 is Ctrl.
func (p *Page) Mouse(kind string, x, y float64, modifiers int) error {
	return p.call("Input.dispatchMouseEvent", map[string]any{
		"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1, "modifiers": modifiers,
	}, nil)
}

// Key presses and releases a key, such as "f" or " ".
func (p *Page) Key(key string) error {
	for _, kind := range []string{"keyDown", "keyUp"} {
		if err := p.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key}, nil); err != nil {
			return err
		}
	}
	return nil
}

// Picture takes a picture of the page.
func (p *Page) Picture() (image.Image, error) {
	var r struct{ Data string }
	if err := p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &r); err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(data))
}

// Problems returns the exceptions, errors and warnings of the page so far.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

// Close ends the browser.
func (p *Page) Close() {
	if p.conn != nil {
		_ = p.conn.CloseNow()
	}
	p.cancel()
	if p.cmd.Process != nil {
		_ = p.cmd.Wait()
	}
	_ = os.RemoveAll(p.dir)
}
