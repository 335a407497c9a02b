package main

import (
	"syscall/js"
	"time"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer/live"
)

// tick is the time between two rows that the page gets.
const tick = 20 * time.Millisecond

func main() {
	commands, meshes := make(chan string, 256), false
	js.Global().Set("onmessage", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := args[0].Get("data")
		if data.Type() != js.TypeString { // a file that belongs to the next robot
			js.Global().Call("keep", data)
			meshes = true
			return nil
		}
		select {
		case commands <- data.String():
		default: // a page that asks for more than can be done
		}
		return nil
	}))
	m, start, err := models.Load(models.All()[0].Name, models.Options{})
	if err != nil {
		panic(err)
	}
	s, err := live.NewSession(m, start, live.Options{Open: func(name string, text []byte) (*live.Robot, error) {
		if meshes {
			return open(name, text, "/")
		}
		return open(name, text)
	}})
	if err != nil {
		panic(err)
	}
	post("ready")
	s.Do([]byte(<-commands)) // which robot: nobody wants to see the one above first
	v, last := s.NewViewer(), time.Now()
	for t := time.NewTicker(tick); ; {
		select {
		case c := <-commands:
			s.Do([]byte(c))
		case now := <-t.C:
			s.Advance(min(now.Sub(last), 4*tick)) // a tab that slept does not catch up
			last = now
			tell(v)
		}
	}
}

// tell sends what the page does not know yet.
func tell(v *live.Viewer) {
	texts, row := v.Next()
	for _, t := range texts {
		post(string(t))
	}
	if len(row) > 0 {
		bytes := js.Global().Get("Uint8Array").New(len(row))
		js.CopyBytesToJS(bytes, row)
		post(bytes.Get("buffer"))
	}
}

func post(message any) { js.Global().Call("postMessage", message) }
