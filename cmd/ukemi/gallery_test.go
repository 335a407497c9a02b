package main

import (
	"bytes"
	"encoding/base64"
	"html"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
)

// TestGallery: every model of the zoo has a picture that shows something, its name and its summary, in a page that is small and asks
// for nothing from elsewhere.
func TestGallery(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gallery.html")
	if status, _, stderr := ukemi("gallery", "--html", path); status != 0 {
		t.Fatal(stderr)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kB", len(page)/1000)
	if len(page) > 5e5 {
		t.Errorf("the page has %d bytes, want at most 0.5 MB", len(page))
	}
	pictures := regexp.MustCompile(`src="data:image/jpeg;base64,([^"]+)" alt="([^"]+)"`).FindAllSubmatch(page, -1)
	if len(pictures) != len(models.All()) {
		t.Fatalf("%d pictures of %d models", len(pictures), len(models.All()))
	}
	for i, e := range models.All() {
		if string(pictures[i][2]) != e.Name || !bytes.Contains(page, []byte(html.EscapeString(e.Summary))) {
			t.Errorf("picture %d is of %s, want %s and its summary", i, pictures[i][2], e.Name)
		}
		data, err := base64.StdEncoding.DecodeString(html.UnescapeString(string(pictures[i][1])))
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[[3]uint32]bool{}
		for y := 60; y < 240; y++ {
			for x := 100; x < 380; x++ {
				r, g, b, _ := img.At(x, y).RGBA()
				seen[[3]uint32{r >> 11, g >> 11, b >> 11}] = true
			}
		}
		if len(seen) < 80 {
			t.Errorf("the picture of %s has only %d colors", e.Name, len(seen))
		}
	}
	if bytes.Contains(page, []byte("<a ")) || bytes.Contains(page, []byte("http")) && !bytes.Contains(page, []byte("http-equiv")) {
		t.Error("a gallery without --page leads somewhere")
	}
	if status, _, stderr := ukemi("gallery", "--html", "a.pdf"); status != 1 || !strings.Contains(stderr, ".html") {
		t.Errorf("a.pdf: status %d, %q", status, stderr)
	}
}

// TestGalleryLinks: with --page every picture leads to its robot in the page beside it.
func TestGalleryLinks(t *testing.T) {
	dir := t.TempDir()
	if status, _, stderr := ukemi("gallery", "--html", filepath.Join(dir, "gallery.html"), "--page", filepath.Join(dir, "the engine.html")); status != 0 {
		t.Fatal(stderr)
	}
	page, err := os.ReadFile(filepath.Join(dir, "gallery.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range models.All() {
		if !bytes.Contains(page, []byte(`<a href="the%20engine.html#`+e.Name+`">`)) {
			t.Errorf("nothing leads to %s", e.Name)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "the engine.html")); err != nil {
		t.Error(err)
	}
}
