//go:build gl && cgo

package viewer

import (
	"os"
	"runtime"
	"testing"
)

// onMain runs its argument on the main thread, where windows live. Tests run elsewhere.
var mainQueue = make(chan func())

func onMain(t testing.TB, f func()) {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no DISPLAY; run under xvfb-run")
	}
	done := make(chan struct{})
	mainQueue <- func() {
		defer close(done)
		f()
	}
	<-done
}

func TestMain(m *testing.M) {
	runtime.LockOSThread()
	code := make(chan int)
	go func() { code <- m.Run() }()
	for {
		select {
		case f := <-mainQueue:
			f()
		case c := <-code:
			os.Exit(c)
		}
	}
}
