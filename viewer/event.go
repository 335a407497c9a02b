package viewer

// event is something the user did. Coordinates are pixels of the picture from its top left corner.
type event struct {
	kind   eventKind
	key    key
	button button
	mods   mods
	down   bool
	x, y   float64 // of the pointer, or turns of the wheel
	at     float64 // s
	path   string  // of a file that was dropped
}

type eventKind uint8

const (
	keyEvent eventKind = iota + 1
	buttonEvent
	moveEvent
	wheelEvent
	dropEvent
)

// key has the numbers of GLFW, which are those of ASCII where there are any; a test compares them.
type key int

const (
	keySpace     key = ' '
	keyComma     key = ','
	keyMinus     key = '-'
	keyPeriod    key = '.'
	keyEqual     key = '='
	keyLeftBr    key = '['
	keyRightBr   key = ']'
	keyEscape    key = 256
	keyTab       key = 258
	keyBackspace key = 259
	keyRight     key = 262
	keyLeft      key = 263
	keyDown      key = 264
	keyUp        key = 265
	keyPageUp    key = 266
	keyPageDown  key = 267
	keyHome      key = 268
	keyEnd       key = 269
	keyF1        key = 290
	keyF2        key = 291
	keyF3        key = 292
	keyF5        key = 294
	keyF11       key = 300
	keyF12       key = 301
	keyPadMinus  key = 333
	keyPadPlus   key = 334
)

type button uint8

const (
	leftButton button = iota
	rightButton
	middleButton
)

type mods uint8

const (
	shift mods = 1 << iota
	control
	alt
)
