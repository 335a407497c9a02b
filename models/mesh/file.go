package mesh

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
)

// MaxSize is the size in bytes above which a mesh file is refused: 256 MiB, five million triangles.
const MaxSize = 256 << 20

// parser returns the reader for files whose names end as path does, or nil.
func parser(path string) func(name string, data []byte) (*Mesh, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".stl", ".stlb":
		return ParseSTL
	case ".obj":
		return ParseOBJ
	case ".dae":
		return ParseDAE
	}
	return nil
}

const noMesh = "not a mesh this program reads; convert it to .stl, .obj or .dae"

// Load reads a mesh from an STL, OBJ or COLLADA file, chosen by the end of its name.
func Load(path string) (*Mesh, error) {
	read := parser(path)
	if read == nil {
		return nil, fmt.Errorf("%s: %s", path, noMesh)
	}
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", path)
	case info.Size() > MaxSize:
		return nil, fmt.Errorf("%s: larger than %d MiB, the most a mesh may have; simplify it", path, MaxSize>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := xmltree.Pointer(data); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return read(path, data)
}

// Find returns the path of the mesh file that a description in the folder dir calls name:
//
//   - a path, relative to dir or to one of the folders, or absolute; also with backslashes
//   - file://PATH, or file:/PATH
//   - package://PACKAGE/PATH and model://PACKAGE/PATH, below one of the folders or of those above dir, in
//     which the package is dir's own when a folder above has its name, or has none, or right in one of the folders
//
// An empty dir is no folder. Files that are no meshes by their name are not looked for, and nothing is fetched
// from the network. Schemes may be in capitals, package:///PACKAGE/PATH has a slash too many, and blanks around a name mean nothing. The
// error of a name that leads nowhere lists where it was looked for, and a file whose name differs in capitals.
func Find(name, dir string, folders ...string) (string, error) {
	name = canonical(name)
	clipped := xmltree.Clip(name)
	if parser(name) == nil {
		return "", fmt.Errorf("mesh %q: %s", clipped, noMesh)
	}
	scheme, rest, _ := strings.Cut(name, "://")
	var places []string
	switch {
	case !strings.Contains(name, "://"):
		places = plain(strings.ReplaceAll(name, `\`, "/"), dir, folders)
	case scheme == "file":
		if u, err := url.PathUnescape(rest); err == nil {
			rest = u
		}
		places = plain(strings.TrimPrefix(rest, "localhost"), dir, folders)
	case scheme == "package" || scheme == "model":
		pack, inside, _ := strings.Cut(strings.ReplaceAll(rest, `\`, "/"), "/")
		if inside = filepath.Clean("/" + inside)[1:]; pack == "" || pack == "." || pack == ".." || inside == "" {
			return "", fmt.Errorf("mesh %q: want %s://PACKAGE/FILE", clipped, scheme)
		}
		places = packaged(pack, inside, dir, folders)
	default:
		return "", fmt.Errorf("mesh %q: %s files are not fetched; download it and give its path", clipped, scheme)
	}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			return p, nil
		}
	}
	if u, err := url.PathUnescape(name); err == nil && u != name { // a blank is %20 in some exporters' files
		if path, err := Find(u, dir, folders...); err == nil {
			return path, nil
		}
	}
	like := ""
	for i := 0; i < len(places) && like == ""; i++ {
		like = Alike(places[i])
	}
	if len(places) == 0 {
		places = []string{"nothing: no folder is given"}
	}
	const most = 4
	if len(places) > most {
		places = append(places[:most:most], "…")
	}
	err := fmt.Errorf("mesh %q: %w; looked for %s", clipped, fs.ErrNotExist, strings.Join(places, ", "))
	if like != "" {
		err = fmt.Errorf("%w; there is %s, which differs in capitals", err, like)
	}
	return "", err
}

// canonical returns a name with its scheme as [Find] knows it.
func canonical(name string) string {
	name = strings.TrimSpace(name)
	scheme, rest, ok := strings.Cut(name, ":/")
	switch low := strings.ToLower(scheme); {
	case !ok:
		return name
	case low == "package" || low == "model":
		return low + "://" + strings.TrimLeft(rest, "/")
	case low == "file" && !strings.HasPrefix(rest, "/"):
		return "file:///" + rest
	case strings.HasPrefix(rest, "/"):
		return low + ":/" + rest
	}
	return name
}

// Alike returns a file beside path that would be it if capitals did not count, as they do not where many robots are drawn, or "".
func Alike(path string) string {
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	for _, f := range files {
		if !f.IsDir() && strings.EqualFold(f.Name(), filepath.Base(path)) {
			return filepath.Join(filepath.Dir(path), f.Name())
		}
	}
	return ""
}

func plain(path, dir string, folders []string) (places []string) {
	drive := len(path) > 2 && path[1] == ':' && path[2] == '/' // C:/…: only its last part can be meant here
	if filepath.IsAbs(path) {
		places = append(places, filepath.FromSlash(path))
	}
	if dir != "" {
		folders = append([]string{dir}, folders...)
	}
	for _, d := range folders {
		if !filepath.IsAbs(path) && !drive {
			places = append(places, filepath.Join(d, filepath.FromSlash(path)))
		}
	}
	if drive || filepath.IsAbs(path) || len(folders) > 1 {
		for _, d := range folders {
			places = append(places, filepath.Join(d, filepath.Base(filepath.FromSlash(path))))
		}
	}
	return places
}

// packaged looks below the folders first. Then it goes up from dir: a folder with the package's name is it, one
// beside which the package lies holds it, and a checkout may have lost the package's name.
func packaged(pack, inside, dir string, folders []string) (places []string) {
	for _, f := range folders {
		places = append(places, filepath.Join(f, pack, inside), filepath.Join(f, inside), filepath.Join(f, filepath.Base(inside)))
	}
	if dir == "" {
		return places
	}
	up, err := filepath.Abs(dir)
	if err != nil {
		up = dir
	}
	const most = 8
	for range most {
		if filepath.Base(up) == pack {
			places = append(places, filepath.Join(up, inside))
		}
		places = append(places, filepath.Join(up, pack, inside), filepath.Join(up, inside))
		next := filepath.Dir(up)
		if next == up {
			break
		}
		up = next
	}
	return places
}
