#include "textflag.h"

#define LOAD(r, Y, X) \
	VMOVUPD (48*r)(AX), Y;    \
	VMOVUPD (48*r+32)(AX), X

#define STORE(r, Y, X) \
	VMOVUPD Y, (48*r)(AX);    \
	VMOVUPD X, (48*r+32)(AX)

// LESS subtracts component r of u times v, in (Y12, X13), from row r.
#define LESS(r, Y, X) \
	VBROADCASTSD (8*r)(BX), Y14; \
	VMULPD       Y12, Y14, Y15;  \
	VSUBPD       Y15, Y, Y;      \
	VMULPD       X13, X14, X15;  \
	VSUBPD       X15, X, X

// func downdateAVX(m *Mat6, u, v []Wrench)
//
// AX the matrix, all of which is in registers, BX u, CX v, DX how many are left.
TEXT ·downdateAVX(SB), NOSPLIT, $0-56
	MOVQ m+0(FP), AX
	MOVQ u_base+8(FP), BX
	MOVQ u_len+16(FP), DX
	MOVQ v_base+32(FP), CX
	LOAD(0, Y0, X6)
	LOAD(1, Y1, X7)
	LOAD(2, Y2, X8)
	LOAD(3, Y3, X9)
	LOAD(4, Y4, X10)
	LOAD(5, Y5, X11)

next:
	VMOVUPD (CX), Y12
	VMOVUPD 32(CX), X13
	LESS(0, Y0, X6)
	LESS(1, Y1, X7)
	LESS(2, Y2, X8)
	LESS(3, Y3, X9)
	LESS(4, Y4, X10)
	LESS(5, Y5, X11)
	ADDQ    $48, BX
	ADDQ    $48, CX
	DECQ    DX
	JNZ     next
	STORE(0, Y0, X6)
	STORE(1, Y1, X7)
	STORE(2, Y2, X8)
	STORE(3, Y3, X9)
	STORE(4, Y4, X10)
	STORE(5, Y5, X11)
	VZEROUPPER
	RET
