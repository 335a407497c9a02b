package viewer

import (
	"errors"
	"testing"
)

// TestOffscreenSize checks that an impossible size is refused, and that a program without OpenGL or without
// a screen says so.
func TestOffscreenSize(t *testing.T) {
	if _, err := NewOffscreen(0, 10); err == nil || errors.Is(err, ErrNoWindow) {
		t.Errorf("no picture of 0×10 pixels: %v", err)
	}
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if _, err := openSurface(Options{}, nil); errors.Is(err, ErrNoWindow) {
		if _, err := NewOffscreen(32, 32); !errors.Is(err, ErrNoWindow) {
			t.Errorf("without a screen: %v", err)
		}
	}
}
