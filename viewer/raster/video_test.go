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

// standIn puts a program named ffmpeg into the path that runs the given lines of shell.
func standIn(t *testing.T, lines string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skipf("left out, a program in place of ffmpeg needs sh: %v", err)
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte("#!/bin/sh\n"+lines), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir
}

// TestMP4HandsOverTheFrames: the encoder gets size, rate, file and every byte of every frame, in order.
func TestMP4HandsOverTheFrames(t *testing.T) {
	dir := standIn(t, `dir=$(dirname "$0"); echo "$@" >"$dir/args"; cat >"$dir/data"`)
	v, err := CreateMP4("-x.mp4", 4, 2, 12.5)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 4, 2))
	var want []byte
	for k := range 3 {
		for i := range m.Pix {
			m.Pix[i] = uint8(40*k + i)
		}
		want = append(want, m.Pix...)
		if err := v.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Add(image.NewRGBA(image.Rect(0, 0, 2, 4))); err == nil || !strings.Contains(err.Error(), "want 4×2") {
		t.Errorf("a frame of another size: %v", err)
	}
	if err := errors.Join(v.Close(), v.Close()); err != nil { // the second does nothing
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "data"))
	if err != nil || string(got) != string(want) {
		t.Errorf("%d bytes came through, want %d (%v)", len(got), len(want), err)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	for _, s := range []string{"-s 4x2", "-r 12.5", "yuv420p", "file:-x.mp4"} {
		if err != nil || !strings.Contains(string(args), s) {
			t.Errorf("the arguments lack %q: %s (%v)", s, args, err)
		}
	}
}

// TestMP4TellsWhatTheEncoderSaid when it gives up at once and when it does at the end.
func TestMP4TellsWhatTheEncoderSaid(t *testing.T) {
	standIn(t, "echo 'no space left' >&2; exit 3")
	v, err := CreateMP4("a.mp4", 640, 360, 25)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 640, 360)) // larger than what a pipe takes
	if err := v.Add(m); err == nil || !strings.Contains(err.Error(), "a.mp4: ffmpeg: no space left") {
		t.Errorf("a frame for an encoder that is gone: %v", err)
	}
	standIn(t, "cat >/dev/null; exit 3")
	if v, err = CreateMP4("b.mp4", 2, 2, 25); err != nil {
		t.Fatal(err)
	}
	if err := v.Close(); err == nil || !strings.Contains(err.Error(), "b.mp4: ffmpeg: exit status 3") {
		t.Errorf("an encoder that says nothing: %v", err)
	}
}

// TestFilesThatCannotBe: pictures and animations say so, and leave nothing behind.
func TestFilesThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	if err := WritePNG(filepath.Join(dir, "no", "a.png"), image.NewRGBA(image.Rect(0, 0, 1, 1))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a picture in no folder: %v", err)
	}
	if err := WritePNG(filepath.Join(dir, "empty.png"), image.NewRGBA(image.Rect(0, 0, 0, 1))); err == nil {
		t.Error("a picture of no pixels was written")
	}
	if _, err := CreateGIF(filepath.Join(dir, "no", "a.gif"), 3, 2, 10); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an animation in no folder: %v", err)
	}
	path := filepath.Join(dir, "b.gif")
	if _, err := CreateGIF(path, 3, 2, 99); err == nil || !strings.Contains(err.Error(), "99 frames per second") {
		t.Errorf("a rate that cannot be: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was left behind: %v", path, err)
	}
}
