package replay

import (
	"bufio"
	"bytes"
	"compress/flate"
	_ "embed" // for the viewer
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"sync"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

//go:embed web/viewer.min.js
var viewerJS []byte

//go:embed web/page.html
var pageHTML []byte

//go:embed web/style.css
var styleCSS []byte

//go:embed web/LICENSE.three
var licenseThree []byte

// The page unpacks its viewer itself: a third of the bytes, and no text of the viewer can end the script.
const unpack = `
(async () => {
  const say = (t) => { const m = document.getElementById('message'); m.textContent = t; m.hidden = false; };
  if (!window.DecompressionStream) return say('This browser is too old for this page: it lacks DecompressionStream (2023).');
  if (!document.createElement('canvas').getContext('webgl2')) return say('This page needs WebGL 2, which this browser does not offer here.');
  const b = Uint8Array.from(atob(document.getElementById('viewer').textContent.trim()), (c) => c.charCodeAt(0));
  const s = new Blob([b]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const e = document.createElement('script');
  e.textContent = await new Response(s).text();
  document.body.append(e);
})();
`

// packedViewer is the viewer, deflated once.
var packedViewer = sync.OnceValues(func() (string, error) { return pack(viewerJS) })

// pack returns data deflated, in base64.
func pack(data []byte) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// WriteHTML writes the film as one self-contained page.
func (f *Film) WriteHTML(w io.Writer) error {
	if len(f.rows) == 0 {
		return errors.New("replay: the film has no frames")
	}
	d, meshes, err := describe(f.figure)
	if err != nil {
		return err
	}
	d.Title, d.Autoplay = f.opt.Title, !f.opt.Still
	d.Frames = len(f.rows)
	d.aim(f.figure, f.qs)
	ch := f.columns()
	split := len(ch) - len(signals)
	block, err := appendChannels(appendMeshes(nil, meshes), ch[:split])
	if err != nil {
		return err
	}
	for _, s := range append(ch[split:], f.times) {
		block = append(block, appendFloats(nil, s)...)
	}
	frames, contacts := f.contacts()
	d.Contacts = len(frames)
	if block, err = appendChannels(appendIndices(block, frames), contacts); err != nil {
		return err
	}
	return writePage(w, d, block)
}

// WriteLive writes the page that shows rows of NewProbe(figure) as they come, from the websocket "live"
// beside it. See package live.
func WriteLive(w io.Writer, f *scene.Figure, title string, start []float64) error {
	d, meshes, err := describe(f)
	if err != nil {
		return err
	}
	d.Title, d.Live = title, true
	d.aim(f, [][]float64{start})
	d.Camera.Distance *= 1.7 // nobody knows yet where it will go
	return writePage(w, d, appendMeshes(nil, meshes))
}

// appendMeshes appends meshes to dst; a mesh with an impossible vertex was refused when it was loaded.
func appendMeshes(dst []byte, meshes []*scene.Mesh) []byte {
	for _, m := range meshes {
		var xyz [3][]float64
		for _, v := range m.Vertices {
			for k, x := range vec(v) {
				xyz[k] = append(xyz[k], x)
			}
		}
		corners := make([]uint32, 0, 3*len(m.Triangles))
		for _, t := range m.Triangles {
			corners = append(corners, uint32(t[0]), uint32(t[1]), uint32(t[2]))
		}
		dst, _ = appendChannels(dst, xyz[:])
		dst = appendIndices(dst, corners)
	}
	return dst
}

func writePage(w io.Writer, d *description, block []byte) error {
	info, err := json.Marshal(d) // escapes <, > and &: nothing in it can end the script element
	if err != nil {
		return err
	}
	data, err := pack(block)
	if err != nil {
		return err
	}
	viewer, err := packedViewer()
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	put := func(parts ...string) {
		for _, s := range parts {
			_, _ = b.WriteString(s) // Flush reports the first error
		}
	}
	put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		"<link rel=\"icon\" href=\"data:,\">\n",
		"<title>", html.EscapeString(d.Title), " · ukemi</title>\n<style>\n", string(styleCSS), "</style>\n</head>\n<body>\n",
		string(pageHTML),
		"<script type=\"application/json\" id=\"info-json\">", string(info), "</script>\n",
		"<script type=\"text/plain\" id=\"data\">", data, "</script>\n",
		"<!-- The viewer contains three.js (https://threejs.org):\n\n", string(licenseThree), "-->\n",
		"<script type=\"text/plain\" id=\"viewer\">", viewer, "</script>\n",
		"<script>", unpack, "</script>\n</body>\n</html>\n")
	return b.Flush()
}
