package sim

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
)

// PlainRecording returns the bytes of r as version 3 or 4 has them.
func PlainRecording(r *Recording, version uint32) []byte {
	old := *r
	old.World = nil
	var b bytes.Buffer
	if err := old.Save(&b); err != nil {
		panic(err)
	}
	s := scanner{b.Bytes()[12:]}
	n := s.u32()
	var h recordingHeader
	if err := json.Unmarshal(s.b[:n], &h); err != nil {
		panic(err)
	}
	body, err := h.unpack(s.b[n : len(s.b)-8])
	if err != nil {
		panic(err)
	}
	out := binary.LittleEndian.AppendUint32([]byte(recordingMagic), version)
	out = binary.LittleEndian.AppendUint32(out, n)
	return sealed(append(append(out, s.b[:n]...), body...))
}
