//go:build !js

package live

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/viewer/internal/chromium"
)

// TestFiles: what comes with a robot lands below the folder, however its path is written; too much of it is refused and leaves nothing.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	s, _ := serve(t, "block", Options{Folder: filepath.Join(dir, "in")})
	put := func(url string, body io.Reader) (int, string) {
		r, err := http.NewRequest(http.MethodPut, url, body)
		must(t, err)
		a, err := http.DefaultClient.Do(r)
		must(t, err)
		defer a.Body.Close()
		said, err := io.ReadAll(a.Body)
		must(t, err)
		return a.StatusCode, string(said)
	}
	if code, said := put(s.URL+"/files/arm/meshes/a%20b.stl", strings.NewReader("mesh")); code != http.StatusOK {
		t.Fatalf("%d: %s", code, said)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "in/arm/meshes/a b.stl")); string(data) != "mesh" {
		t.Errorf("kept %q, %v", data, err)
	}
	for _, path := range []string{"..%2fout.stl", "a%2f..%2f..%2f..%2fout.stl", "%2fout.stl", "a%00b.stl", ""} {
		if code, said := put(s.URL+"/files/"+path, strings.NewReader("x")); code == http.StatusOK {
			t.Errorf("%q is taken: %s", path, said)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "out.stl")); err == nil {
		t.Error("a file came to lie outside of the folder")
	}

	f := &files{folder: dir, left: 10}
	long := http.MaxBytesReader(nil, io.NopCloser(strings.NewReader(strings.Repeat("x", 11))), f.left)
	if n, err := f.keep("long.stl", long); n != 10 || err == nil || !strings.Contains(err.Error(), "long.stl") {
		t.Errorf("%d bytes of a file that is too long are kept: %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "long.stl")); err == nil {
		t.Error("half a file is kept")
	}

	s, _ = serve(t, "block", Options{})
	if code, _ := put(s.URL+"/files/a.stl", strings.NewReader("x")); code != http.StatusNotFound {
		t.Errorf("without a folder the answer is %d", code)
	}
}

// TestDropsWithMeshes drops a robot and its mesh onto the page, loose, as they lay in a folder of downloads.
func TestDropsWithMeshes(t *testing.T) {
	if _, err := chromium.Find(); err != nil {
		t.Skipf("left out, the page needs a browser: %v", err)
	}
	dir := t.TempDir()
	s, _ := serve(t, "block", Options{Folder: dir, Open: func(name string, text []byte) (*Robot, error) {
		r, err := urdf.Read(strings.NewReader(string(text)), name, urdf.Options{MeshDirs: []string{dir}})
		if err != nil {
			return nil, err
		}
		m, err := r.Builder.Build()
		if err != nil {
			return nil, err
		}
		return &Robot{Title: r.Name, Model: m, Start: m.NewState()}, nil
	}})
	p, err := chromium.Open(960, 600, 2*time.Minute)
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Go(s.URL, "window.ukemi && ukemi.track.count > 5"))
	dropWedge(t, p, "wedge.obj")
}

const (
	wedge    = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"
	withMesh = `<robot name="wedge"><link name="a"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>` +
		`<visual><geometry><mesh filename="package://somebody/meshes/visual/%s"/></geometry></visual>` +
		`<collision><geometry><mesh filename="package://somebody/meshes/collision/wedge.obj"/></geometry></collision></link></robot>`
)

// dropWedge drops a robot with its mesh, of which the file says where it was on another computer, and how the part that
// is drawn was called there.
func dropWedge(t *testing.T, p *chromium.Page, drawn string) {
	t.Helper()
	must(t, p.Eval("(() => { const d = new DataTransfer(); d.items.add(new File(["+strconv.Quote(wedge)+"], 'wedge.obj')); d.items.add(new File(["+strconv.Quote(fmt.Sprintf(withMesh, drawn))+"], 'wedge.urdf'));"+
		"dispatchEvent(new DragEvent('drop', {dataTransfer: d, cancelable: true})); })()", nil))
	must(t, p.Wait("ukemi.info.title === 'wedge' && ukemi.track.count > 5"))
	if n := value(t, p, "ukemi.info.meshes[ukemi.info.solids[0].mesh]?.triangles ?? 0"); n != 4 {
		t.Errorf("what touches is drawn with %g triangles, want the 4 of its hull", n)
	}
}
