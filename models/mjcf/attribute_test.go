package mjcf_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// templates are files that hold each element that is read, where @ stands for an attribute to plant.
var templates = map[string]string{
	"mujoco":               `<mujoco @/>`,
	"mujoco/compiler":      `<mujoco><compiler @/></mujoco>`,
	"mujoco/option":        `<mujoco><option @/></mujoco>`,
	"option/flag":          `<mujoco><option><flag @/></option></mujoco>`,
	"mujoco/default":       `<mujoco><default @/></mujoco>`,
	"asset/mesh":           `<mujoco><asset><mesh name="m" vertex="0 0 0 1 0 0 0 1 0 0 0 1" @/></asset></mujoco>`,
	"asset/hfield":         `<mujoco><asset><hfield name="h" nrow="2" ncol="2" size="1 1 1 1" @/></asset></mujoco>`,
	"asset/material":       `<mujoco><asset><material name="m" @/></asset></mujoco>`,
	"body/body":            inWorld(`<body name="b" @/>`),
	"body/frame":           inBody(`<frame @/>`),
	"body/replicate":       inBody(`<replicate count="1" @/>`),
	"body/inertial":        inWorld(`<body><inertial pos="0 0 0" mass="1" diaginertia="1 1 1" @/></body>`),
	"body/joint":           inBody(`<joint name="j" @/>`),
	"body/freejoint":       inWorld(`<body><geom size="1"/><freejoint name="j" @/></body>`),
	"body/geom":            inBody(`<geom name="g" size="1 1 1" @/>`),
	"body/site":            inBody(`<site name="s" @/>`),
	"contact/pair":         whole(`<contact><pair geom1="g" geom2="h" @/></contact>`),
	"contact/exclude":      whole(`<contact><exclude body1="a" body2="b" @/></contact>`),
	"tendon/fixed":         whole(`<tendon><fixed name="t" @><joint joint="j" coef="1"/></fixed></tendon>`),
	"fixed/joint":          whole(`<tendon><fixed><joint joint="j" coef="1" @/></fixed></tendon>`),
	"tendon/spatial":       whole(`<tendon><spatial name="t" @><site site="s"/><site site="u"/></spatial></tendon>`),
	"equality/connect":     whole(`<equality><connect body1="a" anchor="0 0 0" @/></equality>`),
	"equality/weld":        whole(`<equality><weld body1="a" @/></equality>`),
	"equality/joint":       whole(`<equality><joint joint1="j" @/></equality>`),
	"equality/tendon":      whole(`<tendon><fixed name="t"><joint joint="j" coef="1"/></fixed></tendon><equality><tendon tendon1="t" @/></equality>`),
	"actuator/general":     whole(`<actuator><general joint="j" @/></actuator>`),
	"actuator/motor":       whole(`<actuator><motor joint="j" @/></actuator>`),
	"actuator/position":    whole(`<actuator><position joint="j" @/></actuator>`),
	"actuator/velocity":    whole(`<actuator><velocity joint="j" @/></actuator>`),
	"actuator/intvelocity": whole(`<actuator><intvelocity joint="j" actrange="0 1" @/></actuator>`),
	"actuator/damper":      whole(`<actuator><damper joint="j" ctrlrange="0 1" @/></actuator>`),
	"sensor/framepos":      whole(`<sensor><framepos objtype="body" objname="a" @/></sensor>`),
	"sensor/gyro":          whole(`<sensor><gyro site="s" @/></sensor>`),
	"sensor/jointpos":      whole(`<sensor><jointpos joint="j" @/></sensor>`),
	"sensor/actuatorfrc":   whole(`<sensor><actuatorfrc actuator="j" @/></sensor>`),
	"sensor/subtreecom":    whole(`<sensor><subtreecom body="a" @/></sensor>`),
	"keyframe/key":         whole(`<keyframe><key @/></keyframe>`),
}

func inWorld(s string) string { return `<mujoco><worldbody>` + s + `</worldbody></mujoco>` }
func inBody(s string) string  { return inWorld(`<body><joint/><geom size="1"/>` + s + `</body>`) }

func whole(s string) string {
	return `<mujoco><worldbody><body name="a"><joint name="j"/><geom name="g" size="1"/><site name="s"/><site name="u"/></body>` +
		`<body name="b"><joint name="k"/><geom name="h" size="1"/></body></worldbody>` + s + `</mujoco>`
}

// plant returns the template with an attribute of no sense.
func plant(template, attr string) string {
	at := strings.Index(template, "@")
	head := template[:at]
	from := strings.LastIndex(head, "<")
	own := regexp.MustCompile(`\s`+attr+`="[^"]*"`).ReplaceAllString(head[from:], "")
	return head[:from] + own + attr + `="§"` + template[at+1:]
}

// reported reports whether the reader says that an attribute of an element has no effect. A reader that uses it takes the
// planted text for a name, or refuses it.
func reported(t *testing.T, path, attr string) bool {
	m, err := mjcf.Parse(strings.NewReader(plant(templates[path], attr)), "t.xml")
	if err != nil {
		return false
	}
	for _, n := range m.Notes {
		if strings.HasPrefix(n.Message, "mesh ignored: attribute") { // refused
			return false
		}
		if strings.Contains(n.Message, "solref") && (strings.HasPrefix(attr, "sol") || strings.HasPrefix(attr, "o_") || attr == "impratio" || attr == "refsafe" || attr == "override" || attr == "torquescale") {
			return true
		}
		if names(n.Message, attr) {
			if strings.Contains(n.Message, "unknown here") {
				t.Errorf("%s: attribute %s is not known to the reader", path, attr)
			}
			return true
		}
	}
	return false
}

// names reports whether a note is about an attribute.
func names(message, attr string) bool {
	_, list, ok := strings.Cut(message, "attribute")
	if !ok {
		return false
	}
	list, _, _ = strings.Cut(list, " ignored")
	for _, w := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(" ,=", r) }) {
		if w == attr {
			return true
		}
	}
	return false
}

// schema returns the attributes of all elements MuJoCo knows, by the element and the one it is in.
func schema(t *testing.T) map[string][]string {
	text, err := os.ReadFile("testdata/schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if path, attrs, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "#") {
			all[path] = strings.Fields(attrs)
		}
	}
	// frames are not part of what MuJoCo prints, nor is replicate
	place := []string{"pos", "quat", "axisangle", "xyaxes", "zaxis", "euler"}
	all["body/frame"] = append([]string{"name", "childclass", "scale", "scaling", "massscale"}, place...)
	all["body/replicate"] = []string{"count", "sep", "offset", "euler"}
	all["body/body"] = append(all["body/body"], all["mujoco/body"]...)
	return all
}

// table returns which attributes docs/files.md calls used and reported.
func table(t *testing.T) (used, ignored map[string][]string) {
	text, err := os.ReadFile("../../docs/files.md")
	if err != nil {
		t.Fatal(err)
	}
	used, ignored = map[string][]string{}, map[string][]string{}
	code := regexp.MustCompile("`([^`]*)`")
	list := func(s string) (out []string) {
		for _, m := range code.FindAllStringSubmatch(s, -1) {
			out = append(out, strings.Fields(m[1])...)
		}
		return out
	}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, path := range list(cells[1]) {
			used[path] = append(used[path], list(cells[2])...)
			ignored[path] = append(ignored[path], list(cells[3])...)
		}
	}
	return used, ignored
}

// TestAttributeTable compares docs/files.md with what the reader does with every attribute that MuJoCo knows.
func TestAttributeTable(t *testing.T) {
	all := schema(t)
	used, ignored := table(t)
	for _, path := range sorted(templates) {
		attrs, ok := all[path]
		if !ok {
			t.Errorf("MuJoCo has no element %s", path)
		}
		var u, i []string
		for _, a := range attrs {
			if reported(t, path, a) {
				i = append(i, a)
			} else {
				u = append(u, a)
			}
		}
		u, i = unique(u), unique(i)
		if os.Getenv("MJCF_TABLE") != "" { // prints the rows, to be put into the page
			fmt.Printf("| `%s` | `%s` | `%s` |\n", path, strings.Join(u, " "), strings.Join(i, " "))
			continue
		}
		if !slices.Equal(u, unique(used[path])) {
			t.Errorf("%s: used are %v, docs/files.md has %v", path, u, used[path])
		}
		if !slices.Equal(i, unique(ignored[path])) {
			t.Errorf("%s: reported are %v, docs/files.md has %v", path, i, ignored[path])
		}
	}
}

func unique(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

func sorted(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// TestEveryAttributeIsUsedOrReported goes through all elements of all files with a reader of its own, and wants every attribute
// in the table of what is used, or in a note about its line.
func TestEveryAttributeIsUsedOrReported(t *testing.T) {
	used, _ := table(t)
	files, _ := filepath.Glob("testdata/*.xml")
	more, _ := filepath.Glob("testdata/parts/*.xml")
	count := 0
	for _, file := range append(append(files, more...), robots(t)...) {
		if strings.Contains(file, "parts") {
			continue // read as parts of another
		}
		r, err := mjcf.Load(file, mjcf.Options{Repair: true})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		said := map[int][]mjcf.Note{}
		for _, n := range r.Notes {
			said[n.Line] = append(said[n.Line], n)
			for _, p := range n.Also {
				said[p.Line] = append(said[p.Line], n)
			}
		}
		count += walk(t, file, func(path string, line int, attr string) bool {
			if slices.Contains(used[canonical(path)], attr) {
				return true
			}
			return slices.ContainsFunc(said[line], func(n mjcf.Note) bool {
				return names(n.Message, attr) || strings.Contains(n.Message, "solref") && strings.Contains(attr, "sol") || strings.Contains(n.Message, "solref") && attr == "impratio"
			})
		}, func(name string, line int) bool {
			return slices.ContainsFunc(said[line], func(n mjcf.Note) bool {
				return n.Element == name && (strings.HasPrefix(n.Message, "ignored: ") || strings.HasPrefix(n.Message, "spatial tendons"))
			})
		})
	}
	t.Logf("%d attributes", count)
}

// canonical returns the path under which the table lists an element.
func canonical(path string) string {
	parent, name, _ := strings.Cut(path, "/")
	switch parent {
	case "default":
		for _, room := range []string{"body/", "actuator/", "asset/", "contact/"} {
			if _, ok := templates[room+name]; ok {
				return room + name
			}
		}
		switch name {
		case "tendon":
			return "tendon/fixed"
		case "equality":
			return "equality/connect"
		case "default":
			return "mujoco/default"
		}
	case "worldbody", "frame", "replicate":
		return "body/" + name
	case "sensor":
		switch {
		case templates[path] != "":
		case strings.HasPrefix(name, "frame"):
			return "sensor/framepos"
		case strings.HasPrefix(name, "joint"):
			return "sensor/jointpos"
		default:
			return "sensor/gyro"
		}
	}
	return path
}

// walk calls attr for every attribute of the elements that are not ignored as a whole.
func walk(t *testing.T, file string, attr func(path string, line int, name string) bool, ignored func(name string, line int) bool) int {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	var stack []string
	count, skip := 0, 0
	for {
		line, _ := d.InputPos()
		tok, err := d.Token()
		if err == io.EOF {
			return count
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			path := e.Name.Local
			if len(stack) > 0 {
				path = stack[len(stack)-1] + "/" + path
			}
			stack = append(stack, e.Name.Local)
			if skip > 0 || ignored(e.Name.Local, line) {
				skip++
				continue
			}
			for _, a := range e.Attr {
				count++
				if e.Name.Local != "include" && !attr(path, line, a.Name.Local) {
					t.Errorf("%s:%d: attribute %s of <%s> is neither used nor reported", filepath.Base(file), line, a.Name.Local, path)
				}
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			if skip > 0 {
				skip--
			}
		}
	}
}
