#include "textflag.h"

// PAIR stores columns c and c+1 of the matrix at AX, o = 8c, in (P, Q) and (R, S). Clobbers Y12–Y15.
#define PAIR(o, P, Q, R, S) \
	VMOVUPD     (o)(AX), X12;             \
	VINSERTF128 $1, (96+o)(AX), Y12, Y12; \
	VMOVUPD     (48+o)(AX), X13;          \
	VINSERTF128 $1, (144+o)(AX), Y13, Y13; \
	VMOVUPD     (192+o)(AX), X14;         \
	VMOVUPD     (240+o)(AX), X15;         \
	VUNPCKLPD   Y13, Y12, P;              \
	VUNPCKHPD   Y13, Y12, R;              \
	VUNPCKLPD   X15, X14, Q;              \
	VUNPCKHPD   X15, X14, S

// MORE adds component k of the six numbers at BX times (P, Q) to (Y12, X13).
#define MORE(k, P, Q) \
	VBROADCASTSD (8*k)(BX), Y14;  \
	VMULPD       P, Y14, Y15;     \
	VADDPD       Y15, Y12, Y12;   \
	VMULPD       Q, X14, X15;     \
	VADDPD       X15, X13, X13

// COMBINE adds Σ_k u_k (column or row k) to the six numbers at CX for each of the DX sets u at BX. All of the matrix is in registers.
#define COMBINE \
	VBROADCASTSD (BX), Y14;         \
	VMULPD       Y0, Y14, Y12;      \
	VMULPD       X6, X14, X13;      \
	MORE(1, Y1, X7);                \
	MORE(2, Y2, X8);                \
	MORE(3, Y3, X9);                \
	MORE(4, Y4, X10);               \
	MORE(5, Y5, X11);               \
	VADDPD       (CX), Y12, Y12;    \
	VADDPD       32(CX), X13, X13;  \
	VMOVUPD      Y12, (CX);         \
	VMOVUPD      X13, 32(CX);       \
	ADDQ         $48, BX;           \
	ADDQ         $48, CX;           \
	DECQ         DX

// func addMulAVX(m *Mat6, x, u []Wrench)
//
// AX the matrix, BX u, CX x, DX how many are left.
TEXT ·addMulAVX(SB), NOSPLIT, $0-56
	MOVQ m+0(FP), AX
	MOVQ x_base+8(FP), CX
	MOVQ u_base+32(FP), BX
	MOVQ u_len+40(FP), DX
	PAIR(0, Y0, X6, Y1, X7)
	PAIR(16, Y2, X8, Y3, X9)
	PAIR(32, Y4, X10, Y5, X11)

column:
	COMBINE
	JNZ  column
	VZEROUPPER
	RET

// func addTMulAVX(m *Mat6, z, y []Wrench)
TEXT ·addTMulAVX(SB), NOSPLIT, $0-56
	MOVQ    m+0(FP), AX
	MOVQ    z_base+8(FP), CX
	MOVQ    y_base+32(FP), BX
	MOVQ    y_len+40(FP), DX
	VMOVUPD (AX), Y0
	VMOVUPD 32(AX), X6
	VMOVUPD 48(AX), Y1
	VMOVUPD 80(AX), X7
	VMOVUPD 96(AX), Y2
	VMOVUPD 128(AX), X8
	VMOVUPD 144(AX), Y3
	VMOVUPD 176(AX), X9
	VMOVUPD 192(AX), Y4
	VMOVUPD 224(AX), X10
	VMOVUPD 240(AX), Y5
	VMOVUPD 272(AX), X11

row:
	COMBINE
	JNZ  row
	VZEROUPPER
	RET
