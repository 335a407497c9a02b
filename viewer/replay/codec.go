package replay

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The block of numbers in a page, all little-endian, is read by web/data.js:
//
//	channels  per channel offset and step (two float64), then of all channels the low bytes, then the high
//	          bytes, of the differences between neighboring 16-bit numbers; a value is offset + step·number
//	words     32-bit words as four planes of bytes, lowest first
//
// Differences of smooth motions are small and their high bytes almost all equal: deflate then makes a
// third of what it makes of plain numbers.

// appendChannels appends channels of one length to dst.
func appendChannels(dst []byte, channels [][]float64) ([]byte, error) {
	quantized := make([][]uint16, len(channels))
	for c, ch := range channels {
		low, high := math.Inf(1), math.Inf(-1)
		for i, x := range ch {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf("replay: number %d of channel %d is %g", i, c, x)
			}
			low, high = math.Min(low, x), math.Max(high, x)
		}
		if len(ch) == 0 {
			low, high = 0, 0
		}
		step := (high - low) / math.MaxUint16
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(low))
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(step))
		q := make([]uint16, len(ch))
		last := uint16(0)
		for i, x := range ch {
			n := uint16(0)
			if step > 0 {
				n = uint16(math.Round((x - low) / step))
			}
			q[i], last = n-last, n // wraps around, and back when read
		}
		quantized[c] = q
	}
	for shift := 0; shift < 16; shift += 8 {
		for _, q := range quantized {
			for _, n := range q {
				dst = append(dst, byte(n>>shift))
			}
		}
	}
	return dst, nil
}

// appendWords appends 32-bit words to dst.
func appendWords(dst []byte, words []uint32) []byte {
	for shift := 0; shift < 32; shift += 8 {
		for _, w := range words {
			dst = append(dst, byte(w>>shift))
		}
	}
	return dst
}

// appendFloats appends numbers as 32-bit floats to dst. Those that are not finite stay so.
func appendFloats(dst []byte, x []float64) []byte {
	words := make([]uint32, len(x))
	for i, v := range x {
		words[i] = math.Float32bits(float32(v))
	}
	return appendWords(dst, words)
}

// rounded returns x with 12 bits in front of zeros: more than a plot shows, and they take half the room.
func rounded(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		if out[i] = v; v-v == 0 {
			fraction, exponent := math.Frexp(v)
			out[i] = math.Ldexp(math.Round(fraction*4096)/4096, exponent)
		}
	}
	return out
}

// appendIndices appends whole numbers, such as triangle corners, to dst as differences of neighbors.
func appendIndices(dst []byte, indices []uint32) []byte {
	words := make([]uint32, 0, len(indices))
	last := uint32(0)
	for _, v := range indices {
		words = append(words, v-last)
		last = v
	}
	return appendWords(dst, words)
}
