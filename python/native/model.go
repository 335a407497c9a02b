package main

/*
#include <stdint.h>
*/
import "C"

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unsafe"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/python/rows"
)

// decode reads options, refusing what it does not know.
func decode(text *C.char, into any) error {
	d := json.NewDecoder(strings.NewReader(C.GoString(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("options: %w", err)
	}
	return nil
}

// asked returns the model of a handle and the options that a call brings with it.
func asked[O any](model C.uint64_t, options *C.char) (m *rows.Model, o O, err error) {
	if m, err = get[*rows.Model](model); err == nil {
		err = decode(options, &o)
	}
	return m, o, err
}

// ukemi_load makes a model. kind is zoo, file (data is its name or path) or text (data is the description itself).
//
//export ukemi_load
func ukemi_load(out *C.uint64_t, kind, data *C.char, size C.int64_t, options *C.char, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		var o rows.Options
		if err := decode(options, &o); err != nil {
			return 0, err
		}
		text := bytes.Clone(unsafe.Slice((*byte)(unsafe.Pointer(data)), int(size)))
		var m *rows.Model
		var err error
		switch k := C.GoString(kind); k {
		case "zoo":
			m, err = rows.Zoo(string(text), o)
		case "file":
			m, err = rows.File(string(text), o)
		case "text":
			m, err = rows.Text(text, o)
		default:
			err = fmt.Errorf("there is no kind of model %q", k)
		}
		if err != nil {
			return 0, err
		}
		*out = put(m)
		return 0, nil
	})
}

// blob stores as much of the data as fits in dst and its length in need.
func blob(dst *C.char, n C.int64_t, need *C.int64_t, data []byte) {
	*need = C.int64_t(len(data))
	if dst != nil {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(dst)), int(n)), data)
	}
}

// ukemi_text writes what is asked for of a model: describe or params (JSON), or save.
//
//export ukemi_text
func ukemi_text(model C.uint64_t, what *C.char, dst *C.char, n C.int64_t, need *C.int64_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, err := get[*rows.Model](model)
		if err != nil {
			return 0, err
		}
		var data []byte
		switch w := C.GoString(what); w {
		case "describe":
			data, err = json.Marshal(m.Describe())
		case "params":
			var ps []rows.Param
			if ps, err = m.Params(); err == nil {
				data, err = json.Marshal(ps)
			}
		case "save":
			var b bytes.Buffer
			err = m.Save(&b)
			data = b.Bytes()
		default:
			err = fmt.Errorf("a model has no %q", w)
		}
		if err != nil {
			return 0, err
		}
		blob(dst, n, need, data)
		return 0, nil
	})
}

// ukemi_zoo writes the names of the models that come with the engine, one a line.
//
//export ukemi_zoo
func ukemi_zoo(dst *C.char, n C.int64_t, need *C.int64_t) {
	var names []string
	for _, e := range models.All() {
		names = append(names, e.Name)
	}
	blob(dst, n, need, []byte(strings.Join(names, "\n")))
}

// ukemi_get stores the value of a parameter.
//
//export ukemi_get
func ukemi_get(model C.uint64_t, name *C.char, value *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, err := get[*rows.Model](model)
		if err != nil {
			return 0, err
		}
		v, err := m.Get(C.GoString(name))
		if err != nil {
			return 0, err
		}
		*value = C.double(v)
		return 0, nil
	})
}

// ukemi_set makes a copy of a model with other parameters; newlines separate the names.
//
//export ukemi_set
func ukemi_set(out *C.uint64_t, model C.uint64_t, names *C.char, values *C.double, n C.int64_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, err := get[*rows.Model](model)
		if err != nil {
			return 0, err
		}
		c, err := m.Set(C.GoString(names), floats(values, int(n)))
		if err != nil {
			return 0, err
		}
		*out = put(c)
		return 0, nil
	})
}
