//go:build !(gl && cgo)

package viewer

import "errors"

// ErrNoWindow is returned where the program was built without OpenGL or where there is no screen.
var ErrNoWindow = errors.New(`viewer: this program was built without its window.
Build it with:
	CGO_ENABLED=1 go build -tags gl ./cmd/ukemi
That needs a C compiler and headers, on Debian and Ubuntu:
	apt-get install ` + packages + `
(viewer/setup.sh installs what is missing). Without a screen, render pictures or pages instead`)

func openSurface(Options, func(event)) (surface, error) { return nil, ErrNoWindow }

func openCanvas(int, int) (canvas, error) { return nil, ErrNoWindow }
