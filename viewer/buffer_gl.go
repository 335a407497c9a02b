//go:build gl && cgo

package viewer

import (
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// model is a form in the memory of the graphics.
type model struct {
	array, instances uint32
	count            int32
}

// stream is a vertex array that is written anew for every picture.
type stream struct{ array, buffer uint32 }

// newStream makes a vertex array of float attributes with so many components each.
func newStream(components ...int32) stream {
	var s stream
	gl.GenVertexArrays(1, &s.array)
	gl.GenBuffers(1, &s.buffer)
	gl.BindVertexArray(s.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, s.buffer)
	total, at := int32(0), 0
	for _, n := range components {
		total += n
	}
	for i, n := range components {
		gl.EnableVertexAttribArray(uint32(i))
		gl.VertexAttribPointerWithOffset(uint32(i), n, gl.FLOAT, false, 4*total, uintptr(4*at))
		at += int(n)
	}
	return s
}

// draw writes and draws triangles of the given number of floats per vertex.
func (s *stream) draw(data []float32, floats int) {
	if len(data) == 0 {
		return
	}
	gl.BindVertexArray(s.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, s.buffer)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(data), gl.Ptr(data), gl.STREAM_DRAW)
	gl.DrawArrays(gl.TRIANGLES, 0, int32(len(data)/floats))
}

// upload puts a form into the memory of the graphics, ready for instances.
func upload(s *solid) model {
	var m model
	var data, index uint32
	gl.GenVertexArrays(1, &m.array)
	gl.BindVertexArray(m.array)
	gl.GenBuffers(1, &data)
	gl.BindBuffer(gl.ARRAY_BUFFER, data)
	gl.BufferData(gl.ARRAY_BUFFER, 4*len(s.data), gl.Ptr(s.data), gl.STATIC_DRAW)
	at := uintptr(0)
	for i, n := range [3]int32{3, 3, 1} {
		gl.EnableVertexAttribArray(uint32(i))
		gl.VertexAttribPointerWithOffset(uint32(i), n, gl.FLOAT, false, 4*solidFloats, at)
		at += uintptr(4 * n)
	}
	gl.GenBuffers(1, &index)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, index)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, 4*len(s.index), gl.Ptr(s.index), gl.STATIC_DRAW)
	m.count = int32(len(s.index))
	gl.GenBuffers(1, &m.instances)
	gl.BindBuffer(gl.ARRAY_BUFFER, m.instances)
	at = 0
	for i, n := range [6]int32{4, 4, 4, 4, 4, 1} {
		k := uint32(3 + i)
		gl.EnableVertexAttribArray(k)
		gl.VertexAttribPointerWithOffset(k, n, gl.FLOAT, false, int32(unsafe.Sizeof(instance{})), at)
		gl.VertexAttribDivisor(k, 1)
		at += uintptr(4 * n)
	}
	return m
}
