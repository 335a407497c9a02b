package replay

import (
	"bufio"
	"bytes"
	"compress/flate"
	_ "embed" // for the viewer
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

//go:generate sh -c "cd web && go run pack.go"

// The viewer is bundled and deflated by web/build.sh.
//
//go:embed web/viewer.min.js.deflate
var viewerJS []byte

//go:embed web/page.html
var pageHTML []byte

//go:embed web/style.css
var styleCSS []byte

//go:embed web/LICENSE.three
var licenseThree []byte

// The page unpacks its viewer itself: a third of the bytes, and no text of the viewer can end the script.
//
//go:embed web/unpack.js
var unpack string

// Those of unpack, viewer and style, as a policy names them.
//
//go:embed web/hashes.txt
var hashes string

// keyRows returns the help as rows of a table; those of live pages and of recordings have their class.
func keyRows() string {
	var b strings.Builder
	for _, k := range scene.Keys {
		class := ""
		switch k.Where & scene.InPages {
		case 0:
			continue
		case scene.InLive:
			class = ` class="live"`
		case scene.InReplay:
			class = ` class="recorded"`
		}
		fmt.Fprintf(&b, "    <tr%s><td>%s</td><td>%s</td></tr>\n", class, escape(k.Keys), escape(k.Does))
	}
	return b.String()
}

// escape makes text fit for HTML. (Package html brings 2231 names of letters along, which it never looks at for this.)
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

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

// Policy is what a page allows itself (its Content-Security-Policy): its own scripts, known by their hashes, and nothing from
// elsewhere. Names in a robot file could not run as a script even if one got into the page.
var Policy = sync.OnceValue(func() string {
	h := strings.Fields(hashes)
	return "default-src 'none'; script-src " + h[0] + " " + h[1] + " 'wasm-unsafe-eval'; style-src " + h[2] +
		"; img-src data: blob:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'"
})

// page is what a file holds beside the viewer.
type page struct {
	title   string
	info    any    // JSON: the description of a film, or a source
	engine  string // deflated program, in base64; empty without
	starter string // JavaScript that starts it
}

// source is what the info of a page is that gets its robot from elsewhere.
type source struct {
	Title  string  `json:"title"`
	Live   bool    `json:"live,omitempty"`   // from the websocket "live" beside it
	Engine bool    `json:"engine,omitempty"` // from the program in it
	Robots []Robot `json:"robots,omitempty"` // that may be asked for; the first is shown first
}

// Robot is one that a page offers.
type Robot struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

// WriteLive writes the page that shows what comes from the websocket "live" beside it. See package live.
func WriteLive(w io.Writer, title string) error {
	return writePage(w, &page{title: title, info: source{Title: title, Live: true}})
}

// WriteEngine writes the page that simulates: program is the engine as WebAssembly, which answers as a websocket of package live
// would, and starter the JavaScript that comes with Go to start it. It begins with the first of the robots.
func WriteEngine(w io.Writer, title string, robots []Robot, program, starter []byte) error {
	packed, err := pack(program)
	if err != nil {
		return err
	}
	text, err := pack(starter)
	if err != nil {
		return err
	}
	return writePage(w, &page{title: title, info: source{Title: title, Engine: true, Robots: robots}, engine: packed, starter: text})
}

func writePage(w io.Writer, p *page) error {
	info, err := json.Marshal(p.info) // escapes <, > and &: nothing in it can end the script element
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
		"<meta http-equiv=\"Content-Security-Policy\" content=\"", Policy(), "\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
		"<link rel=\"icon\" href=\"data:,\">\n",
		"<title>", escape(p.title), " · ukemi</title>\n<style>", string(styleCSS), "</style>\n</head>\n<body>\n",
		strings.Replace(string(pageHTML), "<!--keys-->\n", keyRows(), 1),
		"<script type=\"application/json\" id=\"info-json\">", string(info), "</script>\n")
	if p.engine != "" {
		put("<script type=\"text/plain\" id=\"starter\">", p.starter, "</script>\n",
			"<script type=\"text/plain\" id=\"engine\">", p.engine, "</script>\n")
	}
	put("<!-- The viewer contains three.js (https://threejs.org):\n\n", string(licenseThree), "-->\n",
		"<script type=\"text/plain\" id=\"viewer\">", base64.StdEncoding.EncodeToString(viewerJS), "</script>\n",
		"<script>", unpack, "</script>\n</body>\n</html>\n")
	return b.Flush()
}
