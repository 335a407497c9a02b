package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"slices"
)

// mcapWriter writes an MCAP file (mcap.dev/spec, version 0): messages of JSON by topics, uncompressed, and a summary at the end. Errors are
// kept until close.
type mcapWriter struct {
	out     io.Writer
	err     error
	at      uint64 // bytes written
	b       []byte
	summary []byte // schemas and channels again
	counts  []uint64
	first   uint64 // times of messages (ns)
	last    uint64
}

// The records that are written.
const (
	mcapMagic      = "\x89MCAP0\r\n"
	mcapHeader     = 0x01
	mcapFooter     = 0x02
	mcapSchema     = 0x03
	mcapChannel    = 0x04
	mcapMessage    = 0x05
	mcapStatistics = 0x0B
	mcapDataEnd    = 0x0F
)

func newMCAP(out io.Writer) *mcapWriter {
	w := &mcapWriter{out: out}
	w.write([]byte(mcapMagic))
	w.record(mcapHeader, appendString(appendString(nil, ""), "ukemi "+version()))
	return w
}

func (w *mcapWriter) write(b []byte) {
	if w.err == nil {
		_, w.err = w.out.Write(b)
		w.at += uint64(len(b))
	}
}

func (w *mcapWriter) record(kind byte, content []byte) {
	w.b = appendRecord(w.b[:0], kind, content)
	w.write(w.b)
}

func appendString(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// topic begins a topic whose messages are what the JSON schema of that name says, and returns its number.
func (w *mcapWriter) topic(name, schema string, of any) uint16 {
	text, err := json.Marshal(of)
	if w.err == nil {
		w.err = err
	}
	w.counts = append(w.counts, 0)
	id := uint16(len(w.counts)) // 0 is no schema
	s := binary.LittleEndian.AppendUint16(nil, id)
	s = appendString(appendString(appendString(s, schema), "jsonschema"), string(text))
	c := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), id)
	c = appendString(appendString(c, name), "json")
	c = binary.LittleEndian.AppendUint32(c, 0) // no metadata
	from := len(w.summary)
	w.summary = appendRecord(appendRecord(w.summary, mcapSchema, s), mcapChannel, c)
	w.write(w.summary[from:])
	return id
}

func appendRecord(b []byte, kind byte, content []byte) []byte {
	return append(binary.LittleEndian.AppendUint64(append(b, kind), uint64(len(content))), content...)
}

// message writes one at a time (ns).
func (w *mcapWriter) message(topic uint16, at uint64, of any) {
	text, err := json.Marshal(of)
	if w.err == nil {
		w.err = err
	}
	if !slices.ContainsFunc(w.counts, func(n uint64) bool { return n > 0 }) {
		w.first = at
	}
	w.first, w.last = min(w.first, at), max(w.last, at)
	m := binary.LittleEndian.AppendUint16(nil, topic)
	m = binary.LittleEndian.AppendUint32(m, uint32(w.counts[topic-1]))
	m = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(m, at), at)
	w.counts[topic-1]++
	w.record(mcapMessage, append(m, text...))
}

// close writes the summary.
func (w *mcapWriter) close() error {
	w.record(mcapDataEnd, make([]byte, 4)) // without a checksum
	start := w.at
	w.write(w.summary)
	total, perChannel := uint64(0), []byte(nil)
	for i, n := range w.counts {
		total += n
		perChannel = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint16(perChannel, uint16(i+1)), n)
	}
	s := binary.LittleEndian.AppendUint64(nil, total)
	s = binary.LittleEndian.AppendUint16(s, uint16(len(w.counts))) // schemas
	for _, n := range []int{len(w.counts), 0, 0, 0} {              // channels, attachments, metadata, chunks
		s = binary.LittleEndian.AppendUint32(s, uint32(n))
	}
	s = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(s, w.first), w.last)
	s = binary.LittleEndian.AppendUint32(s, uint32(len(perChannel)))
	w.record(mcapStatistics, append(s, perChannel...))
	f := binary.LittleEndian.AppendUint64(nil, start)
	w.record(mcapFooter, append(f, make([]byte, 8+4)...)) // no offsets, no checksum
	w.write([]byte(mcapMagic))
	return w.err
}
