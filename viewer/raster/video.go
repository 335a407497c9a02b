package raster

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"strings"
)

// ErrNoFFmpeg says that there is no encoder for videos.
var ErrNoFFmpeg = errors.New("MP4 needs the program ffmpeg, which was not found: install it (Debian: apt-get install ffmpeg) or write a .gif")

// MP4 writes an animation frame by frame through ffmpeg, as H.264 that every browser plays. There is no
// usable encoder in Go.
type MP4 struct {
	cmd           *exec.Cmd
	in            io.WriteCloser
	said          bytes.Buffer
	width, height int
	path          string
}

// CreateMP4 starts the encoder. Width and height must be even, as H.264 demands. The error is ErrNoFFmpeg
// when there is no ffmpeg.
func CreateMP4(path string, width, height int, fps float64) (*MP4, error) {
	if width < 2 || height < 2 || width%2 != 0 || height%2 != 0 {
		return nil, fmt.Errorf("mp4: size %d×%d, want even numbers", width, height)
	}
	if !(fps > 0 && fps <= 1000) {
		return nil, fmt.Errorf("mp4: %g frames per second, want 0…1000", fps)
	}
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, ErrNoFFmpeg
	}
	m := &MP4{width: width, height: height, path: path}
	m.cmd = exec.Command(program, "-y", "-loglevel", "error",
		"-f", "rawvideo", "-pix_fmt", "rgba", "-s", fmt.Sprintf("%dx%d", width, height), "-r", fmt.Sprint(fps), "-i", "-",
		"-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
		"file:"+path) // or a name such as http: or -x would mean something else
	m.cmd.Stderr = &m.said
	alone(m.cmd)
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return m, m.cmd.Start()
}

// Add appends a frame.
func (m *MP4) Add(f *image.RGBA) error {
	if f.Rect.Dx() != m.width || f.Rect.Dy() != m.height || f.Stride != 4*m.width {
		return fmt.Errorf("mp4: frame of %v, want %d×%d", f.Rect, m.width, m.height)
	}
	if _, err := m.in.Write(f.Pix[:4*m.width*m.height]); err != nil {
		return m.explain(errors.Join(err, m.Close()))
	}
	return nil
}

// Close writes what is left and waits for the encoder. It may be called twice.
func (m *MP4) Close() error {
	if m.in == nil {
		return nil
	}
	err := m.in.Close()
	m.in = nil
	if e := m.cmd.Wait(); e != nil {
		err = m.explain(e)
	}
	return err
}

// explain adds what ffmpeg said.
func (m *MP4) explain(err error) error {
	if s := strings.TrimSpace(m.said.String()); s != "" {
		return fmt.Errorf("%s: ffmpeg: %s", m.path, s)
	}
	return fmt.Errorf("%s: ffmpeg: %w", m.path, err)
}
