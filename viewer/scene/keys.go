package scene

// Show is something that a picture shows or not, in the window and in pages alike.
type Show struct {
	Key  string `json:"key"`  // that switches it
	Name string `json:"name"` // that the code calls it by
	Text string `json:"text"`
	On   bool   `json:"on"` // at first
}

// Shows are all of them.
var Shows = [...]Show{
	{"F", "forces", "contact forces", true},
	{"C", "contacts", "contact points", true},
	{"B", "solids", "contact shapes", false},
	{"I", "inertias", "inertia boxes", false},
	{"N", "axes", "joint axes", false},
	{"E", "frames", "frames", false},
	{"L", "names", "names", false},
	{"M", "com", "mass center", false},
	{"R", "traces", "traces", true},
	{"T", "ghost", "see-through", false},
	{"W", "wires", "wires", false},
	{"S", "shadows", "shadows", true},
}

// Place says where a key does something.
type Place uint8

// The places.
const (
	InWindow Place = 1 << iota
	InReplay       // a page of a recording
	InLive         // a page that simulates
	InPages  = InReplay | InLive
)

// Key is a line of the help: what a key or a movement of the mouse does.
type Key struct {
	Keys  string
	Does  string
	Where Place
}

// Keys are the lines of the help. The same keys do the same things in the window and in pages.
var Keys = []Key{
	{"space", "pause, go on", InWindow | InPages},
	{"← →", "step back, forward", InWindow | InPages},
	{"↓ ↑", "50 steps back, forward", InWindow | InPages},
	{"Home End", "first, last step", InWindow | InPages},
	{"backspace", "to the start", InWindow | InPages},
	{"− +", "slower, faster", InWindow | InPages},
	{", .", "harder, softer contact (κ)", InWindow | InLive},
	{"drag", "orbit; right: pan", InWindow | InPages},
	{"wheel", "zoom", InWindow | InPages},
	{"[ ]", "other views", InWindow | InPages},
	{"V Z", "camera follows, first view", InWindow | InPages},
	{"double click", "select a body", InWindow | InPages},
	{"PgUp PgDn", "select parent, next body", InWindow | InPages},
	{"Esc", "free camera, no selection", InWindow | InPages},
	{"ctrl-drag", "twist; right: push", InWindow},
	{"ctrl-drag", "pull a body", InLive},
	{"F C B", "forces, contacts, contact shapes", InWindow | InPages},
	{"I N E", "inertias, joint axes, frames", InWindow | InPages},
	{"L M R", "names, mass center, traces", InWindow | InPages},
	{"T W S", "see-through, wires, shadows", InWindow | InPages},
	{"O P F2", "panels, plots, text", InWindow | InPages},
	{"K J", "keep a key frame, go to one", InWindow | InLive},
	{"G", "gradient: how far a push moves it", InLive},
	{"Y D", "repeat, light or dark", InReplay},
	{"D", "light or dark", InLive},
	{"F5", "load the file again; or drop one", InWindow},
	{"F12 F11", "save a picture, a video", InWindow},
	{"ctrl-Q", "quit", InWindow},
}
