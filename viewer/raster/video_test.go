package raster

import (
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestMP4(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.mp4")
	v, err := CreateMP4(path, 160, 90, 25)
	if errors.Is(err, ErrNoFFmpeg) {
		t.Skipf("left out, video needs ffmpeg: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	m, r := image.NewRGBA(image.Rect(0, 0, 160, 90)), New(160, 90)
	for k := range 12 {
		r.Render(m, quadruped(float64(k)/10))
		if err := v.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 1000 || string(data[4:8]) != "ftyp" {
		t.Fatalf("%d bytes, %v; want an MP4 file", len(data), err)
	}
	if probe, err := exec.LookPath("ffprobe"); err == nil {
		out, err := exec.Command(probe, "-v", "error", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames", "-of", "csv=p=0", path).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != "160,90,12" {
			t.Errorf("ffprobe says %q, %v; want 160,90,12", got, err)
		}
	}
}

func TestMP4Mistakes(t *testing.T) {
	if _, err := CreateMP4("x.mp4", 161, 90, 25); err == nil || !strings.Contains(err.Error(), "even") {
		t.Errorf("odd width: %v", err)
	}
	t.Run("no ffmpeg", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := CreateMP4("x.mp4", 160, 90, 25); !errors.Is(err, ErrNoFFmpeg) {
			t.Errorf("without ffmpeg: %v", err)
		}
	})
	v, err := CreateMP4(filepath.Join(t.TempDir(), "no", "folder.mp4"), 160, 90, 25)
	if errors.Is(err, ErrNoFFmpeg) {
		t.Skipf("left out, video needs ffmpeg: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err == nil || !strings.Contains(err.Error(), "ffmpeg") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
