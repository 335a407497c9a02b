//go:build gl && cgo

package viewer

import (
	"errors"
	"fmt"
	"image"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/go-gl/gl/v3.3-core/gl"
	"github.com/go-gl/glfw/v3.3/glfw"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// ErrNoWindow is returned where the program was built without OpenGL or where there is no screen.
var ErrNoWindow = errors.New(`viewer: there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.
Run on a desktop, or with a screen in memory:
	apt-get install --no-install-recommends xvfb xauth
	xvfb-run -a …
Pictures and pages need no screen: render them instead`)

// The main goroutine must stay on the thread the program started on: only that may talk to the window system.
func init() { runtime.LockOSThread() }

// window is a GLFW window with a painter.
type window struct {
	win    *glfw.Window
	paint  *painter
	handle func(event)
	x, y   float64 // pointer: events come late, so the position is remembered, not asked for
	scale  float64 // pixels per unit of the pointer

	fine      int32 // samples of a fine picture
	coarse    bool  // other pictures have one sample
	smooth    frame // with samples
	plain     frame
	last      *scene.Scene
	lastExtra extra
	drawn     bool // a picture was drawn
}

func openSurface(o Options, handle func(event)) (surface, error) {
	// glfw.Init reports success without a display and panics later.
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, ErrNoWindow
	}
	if err := glfw.Init(); err != nil {
		return nil, fmt.Errorf("viewer: the window system does not start: %w", err)
	}
	return newWindow(o, handle)
}

func newWindow(o Options, handle func(event)) (s surface, err error) {
	defer func() { // the binding panics where the library only reports an error
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("viewer: cannot open a window (is DISPLAY=%s right?): %v", os.Getenv("DISPLAY"), r)
		}
	}()
	glfw.WindowHint(glfw.ContextVersionMajor, 3)
	glfw.WindowHint(glfw.ContextVersionMinor, 3)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.OpenGLForwardCompatible, glfw.True) // macOS insists
	glfw.WindowHint(glfw.Visible, glfw.False)
	width, height := o.Width, o.Height
	if width <= 0 || height <= 0 {
		width, height = 640, 360
	}
	win, err := glfw.CreateWindow(width, height, o.Title, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("viewer: cannot open a window with OpenGL 3.3: %w", err)
	}
	win.MakeContextCurrent()
	if err := gl.InitWithProcAddrFunc(glfw.GetProcAddress); err != nil {
		return nil, fmt.Errorf("viewer: OpenGL does not start: %w", err)
	}
	emulated := strings.Contains(gl.GoStr(gl.GetString(gl.RENDERER)), "llvmpipe")
	light := o.Quality == Light || o.Quality == Auto && emulated
	if emulated {
		glfw.SwapInterval(0) // nothing to wait for
	} else {
		glfw.SwapInterval(1)
	}
	w := &window{win: win, handle: handle, scale: 1, coarse: light}
	gl.GetIntegerv(gl.MAX_SAMPLES, &w.fine)
	w.fine = min(w.fine, 4)
	if w.paint, err = newPainter(light); err != nil {
		return nil, err
	}
	if o.Width <= 0 && !light {
		win.SetSize(1280, 720)
	}
	w.listen()
	if !o.hidden {
		win.Show()
		win.Focus()
	}
	return w, nil
}

// listen turns the callbacks of the system into events.
func (w *window) listen() {
	w.win.SetKeyCallback(func(_ *glfw.Window, k glfw.Key, _ int, a glfw.Action, m glfw.ModifierKey) {
		w.handle(event{kind: keyEvent, key: key(k), mods: modsOf(m), down: a != glfw.Release, at: glfw.GetTime()})
	})
	w.win.SetMouseButtonCallback(func(_ *glfw.Window, b glfw.MouseButton, a glfw.Action, m glfw.ModifierKey) {
		if b > glfw.MouseButtonMiddle {
			return
		}
		w.handle(event{kind: buttonEvent, button: button(b), mods: modsOf(m), down: a == glfw.Press, x: w.x, y: w.y, at: glfw.GetTime()})
	})
	w.win.SetCursorPosCallback(func(_ *glfw.Window, x, y float64) {
		w.x, w.y = x*w.scale, y*w.scale
		w.handle(event{kind: moveEvent, x: w.x, y: w.y, at: glfw.GetTime()})
	})
	w.win.SetScrollCallback(func(_ *glfw.Window, x, y float64) {
		w.handle(event{kind: wheelEvent, x: x, y: y, at: glfw.GetTime()})
	})
	w.win.SetDropCallback(func(_ *glfw.Window, names []string) {
		w.handle(event{kind: dropEvent, path: names[0], at: glfw.GetTime()})
	})
	w.win.SetRefreshCallback(func(*glfw.Window) {
		w.handle(event{}) // uncovered: the picture must be drawn again
	})
}

func modsOf(m glfw.ModifierKey) (r mods) {
	if m&glfw.ModShift != 0 {
		r |= shift
	}
	if m&glfw.ModControl != 0 {
		r |= control
	}
	if m&glfw.ModAlt != 0 {
		r |= alt
	}
	return r
}

func (w *window) poll(wait time.Duration) {
	if wait <= 0 {
		glfw.PollEvents()
		return
	}
	glfw.WaitEventsTimeout(wait.Seconds())
}

func (w *window) copy(text string) { w.win.SetClipboardString(text) }

func (w *window) closed() bool { return w.win == nil || w.win.ShouldClose() }

func (w *window) size() (int, int) {
	if w.win == nil {
		return 0, 0
	}
	width, height := w.win.GetFramebufferSize()
	if outer, _ := w.win.GetSize(); outer > 0 {
		w.scale = float64(width) / float64(outer) // screens with several pixels per unit
	}
	return width, height
}

func (w *window) draw(sc *scene.Scene, x *extra, fine bool) {
	width, height := w.size()
	w.last, w.lastExtra, w.drawn = sc, *x, true
	if w.coarse && !fine || w.fine < 2 {
		w.paint.paint(sc, x, 0, width, height)
	} else {
		w.smooth.resize(width, height, w.fine)
		w.paint.paint(sc, x, w.smooth.id, width, height)
		w.smooth.copyTo(0)
	}
	w.win.SwapBuffers()
}

// picture draws the last scene once more, into memory: what the screen shows may be covered, and the
// contents of hidden windows are undefined.
func (w *window) picture() *image.RGBA {
	width, height := w.size()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	if !w.drawn {
		return m
	}
	w.capture(m, w.last, &w.lastExtra)
	return m
}

// capture draws a scene into memory, with all samples and in the size of m.
func (w *window) capture(m *image.RGBA, sc *scene.Scene, x *extra) {
	width, height := m.Rect.Dx(), m.Rect.Dy()
	w.plain.resize(width, height, 0)
	if w.fine < 2 {
		w.paint.paint(sc, x, w.plain.id, width, height)
	} else {
		w.smooth.resize(width, height, w.fine)
		w.paint.paint(sc, x, w.smooth.id, width, height)
		w.smooth.copyTo(w.plain.id)
	}
	gl.BindFramebuffer(gl.READ_FRAMEBUFFER, w.plain.id)
	gl.PixelStorei(gl.PACK_ALIGNMENT, 1)
	gl.PixelStorei(gl.PACK_ROW_LENGTH, int32(m.Stride/4))
	gl.ReadPixels(0, 0, int32(width), int32(height), gl.RGBA, gl.UNSIGNED_BYTE, gl.Ptr(m.Pix))
	gl.PixelStorei(gl.PACK_ROW_LENGTH, 0)
	gl.BindFramebuffer(gl.FRAMEBUFFER, 0)
	row := make([]byte, 4*width)
	for a, b := 0, height-1; a < b; a, b = a+1, b-1 { // OpenGL counts rows from below
		top, low := m.Pix[a*m.Stride:][:4*width], m.Pix[b*m.Stride:][:4*width]
		copy(row, top)
		copy(top, low)
		copy(low, row)
	}
	for y := range height {
		for i := 3; i < 4*width; i += 4 {
			m.Pix[y*m.Stride+i] = 255
		}
	}
}

func (w *window) close() {
	if w.win == nil {
		return
	}
	w.win.Destroy()
	w.win = nil
	// Not glfw.Terminate: an X server that loses its last client starts anew, and the next window of this
	// program would find none.
}

// frame is a framebuffer of its own.
type frame struct {
	id, color, depth uint32
	width, height    int
	samples          int32
}

func (f *frame) resize(width, height int, samples int32) {
	if f.id != 0 && f.width == width && f.height == height {
		return
	}
	if f.id == 0 {
		gl.GenFramebuffers(1, &f.id)
		gl.GenRenderbuffers(1, &f.color)
		gl.GenRenderbuffers(1, &f.depth)
	}
	f.width, f.height, f.samples = width, height, samples
	gl.BindFramebuffer(gl.FRAMEBUFFER, f.id)
	for _, r := range [2][3]uint32{{f.color, gl.RGBA8, gl.COLOR_ATTACHMENT0}, {f.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT}} {
		gl.BindRenderbuffer(gl.RENDERBUFFER, r[0])
		gl.RenderbufferStorageMultisample(gl.RENDERBUFFER, samples, r[1], int32(width), int32(height))
		gl.FramebufferRenderbuffer(gl.FRAMEBUFFER, r[2], gl.RENDERBUFFER, r[0])
	}
}

// copyTo resolves the samples into another framebuffer.
func (f *frame) copyTo(target uint32) {
	gl.BindFramebuffer(gl.READ_FRAMEBUFFER, f.id)
	gl.BindFramebuffer(gl.DRAW_FRAMEBUFFER, target)
	w, h := int32(f.width), int32(f.height)
	gl.BlitFramebuffer(0, 0, w, h, 0, 0, w, h, gl.COLOR_BUFFER_BIT, gl.NEAREST)
}
