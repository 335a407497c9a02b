package viewer

import (
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFilm: a video has as many pictures as its seconds want, and is whole when it ends, by the key or with the window.
func TestFilm(t *testing.T) {
	t.Chdir(t.TempDir())
	d := armDesk(t)
	v := blindViewer(d)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	pictures := func() (n int) {
		names, _ := filepath.Glob("*.gif")
		if len(names) == 0 {
			return 0
		}
		f, err := os.Open(names[len(names)-1])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		g, err := gif.DecodeAll(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, delay := range g.Delay {
			n += delay // pictures that are equal are one that stays longer
		}
		return n
	}
	d.tap(keyF11, 0)
	for k := range 100 { // 2 s at 50 pictures a second
		v.shoot(start.Add(time.Duration(k) * 20 * time.Millisecond))
	}
	d.tap(keyF11, 0)
	v.shoot(start.Add(2 * time.Second))
	if n := pictures(); n != 200 || !strings.HasPrefix(d.said, "saved arm-") {
		t.Errorf("2 s became %d hundredths; it says %q", n, d.said)
	}
	d.openSection(setupSection)
	d.pressRow(t, "record a video", 0, 0.5)
	v.shoot(start)
	if d.row("end the video").Text == "" {
		t.Error("the button does not end the video")
	}
	v.Close()
	if names, _ := filepath.Glob("*.gif"); len(names) != 2 || d.filming {
		t.Errorf("there are %v", names)
	}
}
